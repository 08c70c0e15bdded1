#include <leat/actors/actors.hpp>
#include <leat/leat.hpp>
#include <leat/runtime/run.hpp>

#include <caf/actor.hpp>
#include <spdlog/spdlog.h>
