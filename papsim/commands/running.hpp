// SPDX-License-Identifier: MIT
#pragma once

// What commands that run for a while have in common: Ctrl-C, a line of progress, how many at once,
// and files for what came of it.
//
// Threads: one; the flag of Ctrl-C may be read from any.

#include <string>
#include <vector>

namespace pap::sim {

// From now on Ctrl-C only sets a flag.
void stop_on_interrupt();
bool interrupted();

// For a run in real time, in which being late proves nothing: goes before others on a busy machine
// where it may, and so does what it starts.
void go_first();

// The exit status where what was found could not be written: a result that nobody can read is none,
// but for a failure, which stays one.
int unwritten(int status);
// The exit status after what stands in stdout's buffer was written, with a complaint if it was not.
int flushed(int status);

// As asked for; 0: one a core.
unsigned jobs_of(unsigned asked);

// A file that is to be written at the end, under the option that names it. "-" is stdout, and an
// empty path no file.
struct Output {
  std::string option;
  std::string path;
  bool replaced = false;  // by replace_file()
};
// Before anything runs: 0, or with a complaint the exit status where one of them cannot be written,
// or two of them would go into one. A file that is there stays as it is.
int check_outputs(const std::vector<Output>& outputs);
// Likewise, of files to come in a folder that may have to be made.
int check_folder(const std::string& option, const std::string& folder);

// "-" is stdout. Complaints go to stderr.
bool write_file(const std::string& path, const std::string& text);

// Written beside it and then put in its place: who reads the file meets the old one or the new one,
// and a full disk leaves the old one as it was.
bool replace_file(const std::string& path, const std::string& text);

// A line on stderr that is written over and over, and cleared at its end; quiet where stderr is no
// terminal.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const std::string& text) const;
  void clear() const { show(""); }

 private:
  const bool on_;
};

}  // namespace pap::sim
