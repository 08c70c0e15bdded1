#include <leat/chunk/chunk.hpp>
