#include <leat/gateway/page_routes.hpp>

#include <leat/chunk/one_line.hpp>
#include <leat/gateway/access.hpp>
#include <leat/page/page.hpp>

#include <algorithm>
#include <string>

namespace leat {
namespace {

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; worker-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

Result<HttpAnswer> file_called(const std::string& name) {
  const std::vector<PageFile>& files = page_files();
  auto found = std::find_if(files.begin(), files.end(), [&](const PageFile& one) { return one.name == name; });
  if (found == files.end()) return refusal(404, "the page has no file " + one_line(name) + ": load it again");
  HttpAnswer answer{.type = std::string(found->media_type), .body = std::string(found->bytes)};
  answer.fields = {{"Content-Security-Policy", kPolicy},
                   {"X-Content-Type-Options", "nosniff"},
                   {"Referrer-Policy", "no-referrer"},
                   {"Cross-Origin-Opener-Policy", "same-origin"}};
  return answer;
}

}  // namespace

std::vector<Route> page_routes() {
  Route first{.method = "GET", .pattern = "/", .role = Role::none, .sentence = "The page."};
  first.quick = true;
  first.answer = [](const RouteCall&) { return file_called("index.html"); };
  Route asset{.method = "GET", .pattern = "/assets/{name}", .role = Role::none, .sentence = "A file of the page."};
  asset.params = {{"name", OptionType::text, "the file"}};
  asset.quick = true;
  asset.answer = [](const RouteCall& call) { return file_called(call.params["name"].text); };
  return {std::move(first), std::move(asset)};
}

}  // namespace leat
