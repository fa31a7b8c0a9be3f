// Provenance: versions, machine, command line, and the text of every file the deck is made of.
#include "circuits/provenance.hpp"

#include <fmt/chrono.h>
#include <unistd.h>

#include <array>
#include <ctime>

#include "build_info.hpp"

namespace settle {
namespace {

std::string settings(const RunRequest& request) {
  std::string text;
  for (const auto& [name, value] : request.set) text += fmt::format("{}{}={:.12g}", text.empty() ? "" : " ", name, value);
  return text;
}

}  // namespace

Provenance provenance(const LoadedDeck& loaded, const RunRequest& request) {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  Provenance p{.version = build_version,
               .commit = build_commit,
               .compiler = fmt::format("{} {}", build_compiler, build_flags),
               .simd = Eigen::SimdInstructionSetsInUse(),
               .command_line = request.command_line,
               .host = host.data(),
               .start_time = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))),
               .seed = loaded.netlist.seed,
               .threads = request.threads,
               .settings = settings(request),
               .title = loaded.netlist.title,
               .deck_path = request.deck,
               .deck_text = loaded.sources.size() > 0 ? loaded.sources[0].text : "",
               .included_files = {}};
  for (std::size_t k = 1; k < loaded.sources.size(); ++k) {
    const SourceFile& file = loaded.sources[static_cast<int>(k)];
    p.included_files.emplace_back(file.name, file.text);
  }
  return p;
}

}  // namespace settle
