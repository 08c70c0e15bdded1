/// The service's description of itself for programs (OpenAPI 3.1), made of its routes. Pure.
#pragma once

#include <leat/gateway/route.hpp>

#include <string>
#include <vector>

namespace leat {

/// One object of JSON. `title`: the program's name.
std::string open_api(const std::string& title, const std::vector<Route>& routes);

}  // namespace leat
