#include <leat/gateway/file_answer.hpp>

#include <leat/gateway/access.hpp>
#include <leat/inspect/descriptor.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>

namespace leat {
namespace {

constexpr std::size_t kPart = std::size_t{256} << 10;

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  auto [rest, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

std::function<Result<std::string>()> parts_of(std::shared_ptr<inspect::Descriptor> file, ByteRange range) {
  return [file = std::move(file), range]() mutable -> Result<std::string> {
    std::string part(std::min<std::uint64_t>(kPart, range.bytes), '\0');
    if (part.empty()) return part;
    ssize_t got = ::pread(file->get(), part.data(), part.size(), static_cast<off_t>(range.from));
    if (got <= 0) return failed(got < 0 ? "cannot read a file: " + std::generic_category().message(errno) : "a file has become shorter");
    part.resize(static_cast<std::size_t>(got));
    range.from += part.size();
    range.bytes -= part.size();
    return part;
  };
}

}  // namespace

Result<std::optional<ByteRange>> byte_range(std::string_view field, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  std::optional<ByteRange> all;
  if (field.substr(0, kUnit.size()) != kUnit || field.find(',') != field.npos) return all;
  field.remove_prefix(kUnit.size());
  std::size_t dash = field.find('-');
  if (dash == field.npos) return all;
  auto first = number_in(field.substr(0, dash)), last = number_in(field.substr(dash + 1));
  bool suffix = dash == 0;
  if (suffix ? !last : !first || (!last && dash + 1 != field.size()) || (last && *last < *first)) return all;
  Error none = invalid("there are " + std::to_string(size) + " bytes, and none of those that are asked for");
  if (suffix) {
    std::uint64_t bytes = std::min(*last, size);
    if (bytes == 0) return none;
    return std::optional(ByteRange{size - bytes, bytes});
  }
  if (*first >= size) return none;
  std::uint64_t end = last ? std::min(*last, size - 1) + 1 : size;
  return std::optional(ByteRange{*first, end - *first});
}

HttpAnswer file_answer(const std::filesystem::path& file, const HttpRequest& request, const std::string& type, const std::string& name,
                       std::uint64_t most) {
  auto opened = std::make_shared<inspect::Descriptor>(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat found {};
  if (!*opened || ::fstat(opened->get(), &found) != 0 || !S_ISREG(found.st_mode)) return refusal(404, "there is no such file");
  auto whole = static_cast<std::uint64_t>(found.st_size), size = std::min(whole, most);
  HttpAnswer answer;
  answer.type = type;
  answer.fields.push_back({"Accept-Ranges", "bytes"});
  if (!name.empty()) answer.fields.push_back({"Content-Disposition", "attachment; filename=\"" + name + "\""});
  const std::string* field = request.field("Range");
  auto range = byte_range(field ? *field : "", size);
  if (!range) {
    HttpAnswer refused = refusal(416, range.error().sentence);
    refused.fields.push_back({"Content-Range", "bytes */" + std::to_string(size)});
    return refused;
  }
  ByteRange part = range->value_or(ByteRange{0, size});
  if (*range) {
    answer.status = 206;
    answer.fields.push_back({"Content-Range", "bytes " + std::to_string(part.from) + "-" + std::to_string(part.from + part.bytes - 1) +
                                                  "/" + std::to_string(size)});
  }
  answer.length = part.bytes;
  answer.more = parts_of(std::move(opened), {part.from + (whole - size), part.bytes});
  return answer;
}

}  // namespace leat
