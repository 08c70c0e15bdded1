/// The routes by which browsers become known, and are forgotten.
///
/// /login?once= is good once, and makes a browser known as whom it was made for. /login?lent= is good for all who have it:
/// a link of /api/v1/links, which reads, for as many hours as were said. /api/v1/session/end ends the session that asks it.
#pragma once

#include <leat/gateway/route.hpp>
#include <leat/gateway/tokens.hpp>

#include <vector>

namespace leat {

/// Refer to the tokens, which live longer. `encrypted`: the service is asked over TLS.
std::vector<Route> session_routes(Tokens& tokens, bool encrypted);

}  // namespace leat
