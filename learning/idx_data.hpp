// Images and labels in IDX files as a data set: pixels from 0 to 1, one class per label.
#pragma once

#include "learning/dataset.hpp"

namespace settle {

struct IdxPair {
  std::string images, labels;  ///< both "" if there is none
};

/// Classes are called 0, 1, ... unless `classes` names them. `source` is what the set is called.
std::unique_ptr<const DataReader> idx_reader(IdxPair train, IdxPair test, std::vector<std::string> classes, std::string source);

/// Where Debian's package dataset-fashion-mnist puts its files.
constexpr const char* fashion_folder = "/usr/share/datasets/fashion-mnist";

}  // namespace settle
