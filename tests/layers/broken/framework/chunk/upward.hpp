#pragma once

#include <leat/chunk/pool.hpp>
#include <leat/graph/graph.hpp>
#include <leat/schemas/chunk.capnp.h>

#include <vector>
