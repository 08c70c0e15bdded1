/// Panels that a program adds to the page.
#pragma once

#include <leat/gateway/route.hpp>

#include <string>
#include <vector>

namespace leat {

struct Panel {
  std::string name;    ///< as the page shows it
  std::string module;  ///< JavaScript, an ES module; open to all, as any static file
};

/// GET /api/v1/panels, which names them, and GET /panels/{name}, the module.
std::vector<Route> panel_routes(const std::vector<Panel>& panels);

}  // namespace leat
