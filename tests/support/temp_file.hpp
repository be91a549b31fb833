// SPDX-License-Identifier: MIT
#pragma once

// A file that goes with its owner.
//
// Errors: throws std::runtime_error. Threads: one owner.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace pap::test {

class TempFile {
 public:
  explicit TempFile(const std::string& content) {
    std::string path = (std::filesystem::temp_directory_path() / "pap-test-XXXXXX").string();
    const int descriptor = ::mkstemp(path.data());
    if (descriptor < 0) throw std::runtime_error("no temporary file");
    ::close(descriptor);
    path_ = path;
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TempFile() { std::filesystem::remove(path_); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace pap::test
