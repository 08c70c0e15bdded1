#include "../runtime/run.hpp"
#include GRAPH_HEADER
