#include <leat/runtime/crew.hpp>

#include <caf/actor_system.hpp>
