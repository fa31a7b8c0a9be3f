// The versions of the program, its compiler and its libraries.
#include "circuits/report_version.hpp"

#include <CLI/Version.hpp>
#include <H5public.h>
#include <boost/version.hpp>
#include <fmt/format.h>
#include <klu.h>
#include <nlohmann/json.hpp>

#include <Eigen/Core>

#include "build_info.hpp"

namespace settle {

std::string version_text() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("settle {} ({})\n{}, {}\nSIMD {}\nEigen {}.{}.{}, Boost {}.{}, HDF5 {}.{}.{}, KLU {}.{}, fmt {}.{}, JSON {}.{}, CLI11 {}\n", build_version, build_commit,
                     build_compiler, build_flags, Eigen::SimdInstructionSetsInUse(), EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION,
                     BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, major, minor, release, KLU_MAIN_VERSION, KLU_SUB_VERSION, FMT_VERSION / 10000,
                     FMT_VERSION / 100 % 100, NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, CLI11_VERSION);
}

}  // namespace settle
