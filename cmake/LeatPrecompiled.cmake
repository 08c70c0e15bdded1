# Precompiled headers: most of what a file costs here is reading other people's headers. Only those, and
# never leat's own, so that a change of leat's headers compiles no more than what includes them.
set(LEAT_PRECOMPILED
  <algorithm> <array> <atomic> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set>
  <string> <string_view> <utility> <variant> <vector>
  <capnp/any.h> <capnp/message.h> <capnp/schema.h> <capnp/serialize.h> <Eigen/Core>)

# Asio needs <utility> before it, which is above.
set(LEAT_PRECOMPILED_NET
  <boost/asio/buffer.hpp> <boost/asio/connect.hpp> <boost/asio/executor_work_guard.hpp>
  <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp> <boost/asio/local/stream_protocol.hpp>
  <boost/asio/post.hpp> <boost/asio/read.hpp> <boost/asio/ssl.hpp> <boost/asio/steady_timer.hpp>
  <boost/asio/write.hpp>)

# ccache takes part in precompiled headers only when told that time macros do not matter.
function(leat_compile_through_ccache)
  find_program(LEAT_CCACHE ccache)
  if(LEAT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
        ${LEAT_CCACHE} PARENT_SCOPE)
  endif()
endfunction()

# leat_precompile(TARGET [HEADER...]) gives a target the headers above and these.
function(leat_precompile target)
  target_precompile_headers(${target} PRIVATE ${LEAT_PRECOMPILED} ${ARGN})
endfunction()

# leat_quickly(TARGET): compiled for the sake of who builds, not of who runs. Before leat_precompile.
function(leat_quickly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# leat_precompile_as(TARGET OTHER): what is compiled with the same options shares what was precompiled.
function(leat_precompile_as target other)
  target_precompile_headers(${target} REUSE_FROM ${other})
endfunction()
