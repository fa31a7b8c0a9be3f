// The test runner; every other file of this folder holds tests.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
