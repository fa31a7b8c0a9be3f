// Who else uses a file: advisory locks, and whether a trace may be written to a path.
#pragma once

#include <string>
#include <utility>

namespace settle {

/// An advisory lock on a file for as long as the object lives; the empty one where it could not be had.
class FileLock {
 public:
  FileLock() = default;
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

  static FileLock shared(const std::string& path);
  /// Throws Error(Fault::file) where another program holds the file.
  static FileLock exclusive(const std::string& path);

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

/// Throws Error(Fault::file), saying what to do, unless a trace may be created at or over the path.
void require_writable_trace(const std::string& path);

}  // namespace settle
