// Runs a Python script with Debian's interpreter, the one with h5py and xarray.
#pragma once

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/support/folder.hpp"

namespace settle::testing {

/// What the script prints, standard error included; "status N" is added where it fails.
inline std::string run_python(const std::string& script, const std::string& arguments = {}) {
  const Folder folder;
  const std::string command = "/usr/bin/python3 " + folder.file("script.py", script) + ' ' + arguments + " 2>&1";
  FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  for (int c; pipe && (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
  const int status = pipe ? pclose(pipe) : -1;
  return status == 0 ? output : output + "status " + std::to_string(status);
}

/// False, with a loud warning, where one of the modules ("h5py, xarray") is missing.
inline bool have_python(const std::string& modules) {
  if (std::system(("/usr/bin/python3 -c 'import " + modules + "' >/dev/null 2>&1").c_str()) == 0) return true;
  WARN("SKIPPED: /usr/bin/python3 cannot import " + modules);
  return false;
}

}  // namespace settle::testing
