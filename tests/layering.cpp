// The layers hold: a file includes its own folder and those to its left; every file begins by saying what it is.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>

namespace fs = std::filesystem;

namespace {

constexpr std::array layers{"sim", "devices", "circuits", "learning"};

/// 0 for sim, ..., 4 for what stands outside the layers.
std::size_t layer_of(const std::string& path) {
  const auto found = std::find(layers.begin(), layers.end(), path.substr(0, path.find('/')));
  return static_cast<std::size_t>(found - layers.begin());
}

/// All sources, by their path from the root.
std::vector<std::string> sources(const std::vector<std::string>& folders) {
  std::vector<std::string> all;
  for (const std::string& folder : folders) {
    if (!fs::exists(fs::path(SETTLE_SOURCE_DIR) / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(SETTLE_SOURCE_DIR) / folder)) {
      const std::string extension = entry.path().extension();
      if (extension == ".cpp" || extension == ".hpp") all.push_back(fs::relative(entry.path(), SETTLE_SOURCE_DIR));
    }
  }
  return all;
}

std::vector<std::string> lines(const std::string& file) {
  std::vector<std::string> all;
  std::ifstream in(fs::path(SETTLE_SOURCE_DIR) / file);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

}  // namespace

TEST_CASE("a file includes only its own layer and those to its left", "[layering]") {
  const std::regex include(R"(\s*#include\s+"([^"]+)\".*)");
  std::size_t read = 0;
  for (const std::string& file : sources({layers.begin(), layers.end()}))
    for (const std::string& line : lines(file)) {
      std::smatch part;
      if (!std::regex_match(line, part, include) || part[1] == "build_info.hpp") continue;
      ++read;
      INFO(file << ": " << line);
      CHECK(layer_of(part[1]) <= layer_of(file));
      CHECK(fs::exists(fs::path(SETTLE_SOURCE_DIR) / part[1].str()));  // from the root, not from the file's folder
    }
  CHECK(read > 100);
}

TEST_CASE("every source file begins with a comment that says what it is", "[layering]") {
  std::vector<std::string> files = sources({"sim", "devices", "circuits", "learning", "tests"});
  files.push_back("main.cpp");
  for (const std::string& file : files) {
    INFO(file);
    const std::vector<std::string> text = lines(file);
    CHECK((!text.empty() && text.front().rfind("// ", 0) == 0 && text.front().size() > 10));
  }
  CHECK(files.size() > 100);
}
