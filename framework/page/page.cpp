#include <leat/page/page.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace leat {

// Made by cmake/LeatPage.cmake: name, first byte, end, of each file; a name of nullptr ends them.
struct EmbeddedFile {
  const char* name;
  const char* begin;
  const char* end;
};
extern const EmbeddedFile embedded_page[];

namespace {

std::string_view media_type_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTypes = {{{".html", "text/html; charset=utf-8"},
                                                                                     {".js", "text/javascript; charset=utf-8"},
                                                                                     {".css", "text/css; charset=utf-8"},
                                                                                     {".txt", "text/plain; charset=utf-8"}}};
  for (const auto& [ending, type] : kTypes) {
    if (name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending) return type;
  }
  return "application/octet-stream";
}

std::vector<PageFile> all_files() {
  std::vector<PageFile> files;
  for (const EmbeddedFile* one = embedded_page; one->name; ++one) {
    files.push_back({one->name, media_type_of(one->name), {one->begin, static_cast<std::size_t>(one->end - one->begin)}});
  }
  return files;
}

}  // namespace

const std::vector<PageFile>& page_files() {
  static const std::vector<PageFile> files = all_files();
  return files;
}

}  // namespace leat
