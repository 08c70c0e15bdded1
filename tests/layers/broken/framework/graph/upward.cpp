#include <leat/actor/credit.hpp>
#include <leat/runtime/run.hpp>

#include <caf/all.hpp>

// #include <leat/app/app.hpp> in a comment is none.
