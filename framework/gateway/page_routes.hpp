/// The routes of the page: / is its beginning, /assets/NAME what that wants. Open to all: what they show is in every program;
/// what it asks then needs a token or a session as all else does.
#pragma once

#include <leat/gateway/route.hpp>

#include <vector>

namespace leat {

/// The browser is told to take scripts, styles and connections from this service alone, and nothing that is inline; to ask
/// each time whether a file is still the same, which its ETag answers.
std::vector<Route> page_routes();

}  // namespace leat
