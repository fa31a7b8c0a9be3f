// Who else uses a file: advisory locks, and whether a trace may be written to a path.
#include "sim/trace_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "sim/error.hpp"

namespace settle {
namespace {

constexpr char signature[] = "\x89HDF\r\n\x1a\n";

bool is_hdf5(const std::string& path) {
  char first[8] = {};
  std::ifstream(path, std::ios::binary).read(first, sizeof first);
  return std::memcmp(first, signature, sizeof first) == 0;
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(Fault::file, "cannot write the trace '" + path + "': " + why);
}

}  // namespace

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileLock FileLock::shared(const std::string& path) {
  FileLock lock(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (lock.descriptor_ >= 0) ::flock(lock.descriptor_, LOCK_SH | LOCK_NB);
  return lock;
}

FileLock FileLock::exclusive(const std::string& path) {
  FileLock lock(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (lock.descriptor_ < 0) throw Error(Fault::file, "cannot open '" + path + "': " + std::strerror(errno));
  // File systems without locks answer otherwise than EWOULDBLOCK; there nobody can know.
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw Error(Fault::file, "'" + path + "' is in use by another program; wait for its run to end or close its viewer");
  }
  return lock;
}

void require_writable_trace(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : fs::path(".");
  if (path.empty()) refuse(path, "the name is empty");
  if (!fs::is_directory(folder, ignored)) refuse(path, "there is no folder '" + folder.string() + "'; create it or choose another name");
  if (fs::is_directory(path, ignored)) refuse(path, "it is a folder; name a file in it");
  if (!fs::exists(path, ignored)) {
    if (::access(folder.c_str(), W_OK) != 0) refuse(path, "folder '" + folder.string() + "': " + std::strerror(errno));
    return;
  }
  if (!fs::is_regular_file(path, ignored)) refuse(path, "it is not a regular file");
  if (::access(path.c_str(), W_OK) != 0) refuse(path, std::strerror(errno));
  if (fs::file_size(path, ignored) > 0 && !is_hdf5(path)) {
    refuse(path, "it exists and is not an HDF5 file; remove it or choose another name");
  }
  FileLock::exclusive(path);
}

}  // namespace settle
