#include <leat/leat.hpp>
#include <leat/runtime/cell.hpp>
#include <leat/runtime/run.hpp>

#include "../other/main.hpp"
#include "own.hpp"
