/// The page that a service shows in a browser, as files that are part of the program: what framework/page/dist has.
#pragma once

#include <string_view>
#include <vector>

namespace leat {

struct PageFile {
  std::string_view name;        ///< "index.html", "app.js"; no folder
  std::string_view media_type;  ///< as a Content-Type field has it
  std::string_view bytes;
};

/// By name. What they show stays for as long as the program. Threads: any.
const std::vector<PageFile>& page_files();

}  // namespace leat
