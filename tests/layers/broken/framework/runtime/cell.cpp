#include <leat/graph/layout.hpp>
#include <leat/actors/actors.hpp>

#include <caf/actor_system.hpp>
