// The one main of every test program.
#define BOOST_TEST_MODULE leat
#include <boost/test/unit_test.hpp>
