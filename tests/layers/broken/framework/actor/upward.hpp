#pragma once

#include <leat/chunk/chunk.hpp>
  #  include <leat/graph/kind.hpp>
#include <leat/schemas/table.capnp.h>
