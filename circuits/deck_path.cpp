// Looking for a file beside the deck first.
#include "circuits/deck_path.hpp"

#include <filesystem>

namespace settle {

std::string deck_path(const Card& card, const std::string& name) {
  const std::string beside = (std::filesystem::path(card.line.file->name).parent_path() / name).string();
  std::error_code unknown;
  const bool exists = std::filesystem::exists(beside, unknown) || std::filesystem::exists(beside.substr(0, beside.rfind(':')), unknown);
  return exists ? beside : name;
}

}  // namespace settle
