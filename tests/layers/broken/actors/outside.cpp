#include <leat/graph/kind.hpp>
#include <leat/schemas/model.capnp.h>
#include <leat/runtime/run.hpp>
#include <leat/app/app.hpp>

#include <boost/asio.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <caf/actor.hpp>
#include <spdlog/spdlog.h>
