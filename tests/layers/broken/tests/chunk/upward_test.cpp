#include <leat/chunk/table.hpp>
#include <leat/actor/outbox.hpp>

#include <boost/test/unit_test.hpp>
