// SPDX-License-Identifier: MIT
#include "papsim/stand_in/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace pap::sim {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

// A descriptor that goes with its owner, and is not handed on to children.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }
  int get() const { return number_; }

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Descriptor input_of(const std::string& text) {
  if (text.empty()) return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    fail("input");
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// On stderr, by what may be called between fork and exec (signal-safety(7)).
void say_why(const char* program, int error) {
  const char* reason = ::strerrordesc_np(error);
  if (reason == nullptr) reason = "unknown error";
  for (const char* part : {"cannot run ", program, ": ", reason, "\n"}) {
    if (::write(2, part, std::strlen(part)) < 0) return;
  }
}

int poll_timeout(Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

std::vector<std::string> environment_of(const Environment& wishes) {
  Environment all;
  for (const char* name : {"PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "ASAN_OPTIONS",
                           "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "PYENV_ROOT"}) {
    if (const char* value = std::getenv(name)) all[name] = value;
  }
  for (const auto& [name, value] : wishes) all[name] = value;
  std::vector<std::string> out;
  for (const auto& [name, value] : all) {
    if (value) out.push_back(name + '=' + *value);
  }
  return out;
}

class ChildProcess::Impl {
 public:
  explicit Impl(const ChildWish& wish) : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    start(wish);
    reader_ = std::thread([this] { read(); });
  }

  ~Impl() {
    if (!status_) {
      ::kill(pid_, SIGKILL);
      reap();
    }
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
      reading_ = true;
    }
    wake();
    reader_.join();
  }

  void start(const ChildWish& wish) {
    Pipe out = make_pipe();
    Pipe err = make_pipe();
    const Descriptor in = input_of(wish.input);
    std::vector<std::string> arguments{wish.program};
    arguments.insert(arguments.end(), wish.arguments.begin(), wish.arguments.end());
    std::vector<std::string> environment = environment_of(wish.environment);
    const std::vector<char*> argv = pointers_to(arguments);
    const std::vector<char*> envp = pointers_to(environment);
    const pid_t parent = ::getpid();

    pid_ = ::fork();
    if (pid_ < 0) fail("fork");
    if (pid_ == 0) {
      // Nothing but system calls from here on: the test may have other threads.
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(126);
      sigset_t none;
      sigemptyset(&none);
      ::sigprocmask(SIG_SETMASK, &none, nullptr);
      ::signal(SIGPIPE, SIG_DFL);
      ::dup2(in.get(), 0);
      ::dup2(out.write.get(), 1);
      ::dup2(err.write.get(), 2);
      if (wish.descriptor_limit) {
        const rlimit limit{*wish.descriptor_limit, *wish.descriptor_limit};
        ::setrlimit(RLIMIT_NOFILE, &limit);
      }
      // Asio's sockets are inherited; a Station that goes down must not go on listening in there.
      ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
      ::execvpe(argv[0], argv.data(), envp.data());
      say_why(wish.program.c_str(), errno);
      ::_exit(127);  // as a shell does
    }
    pidfd_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    if (pidfd_.get() < 0) fail("pidfd_open");
    out_pipe_ = std::move(out.read);
    err_pipe_ = std::move(err.read);
  }

  void reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  std::optional<int> wait(Patience patience) {
    if (!status_) {
      const auto end = Clock::now() + patience;
      pollfd ended{pidfd_.get(), POLLIN, 0};
      int ready = 0;
      do {
        ready = ::poll(&ended, 1, poll_timeout(end));
      } while (ready < 0 && errno == EINTR);
      if (ready == 0) return std::nullopt;
      reap();
    }
    std::unique_lock lock(mutex_);
    if (reading_) changed_.wait_for(lock, std::chrono::seconds(5), [this] { return all_read_; });
    return status_;
  }

  void read() {
    std::array<pollfd, 3> all{
        {{wake_.get(), POLLIN, 0}, {out_pipe_.get(), POLLIN, 0}, {err_pipe_.get(), POLLIN, 0}}};
    while (all[1].fd >= 0 || all[2].fd >= 0) {
      bool reading = false;
      {
        const std::lock_guard lock(mutex_);
        if (ending_) return;
        reading = reading_;
      }
      if (::poll(all.data(), reading ? 3 : 1, -1) < 0) continue;
      if (all[0].revents != 0) {
        eventfd_t ignored = 0;
        ::eventfd_read(wake_.get(), &ignored);
        continue;
      }
      take(all[1], out_);
      take(all[2], err_);
    }
    {
      const std::lock_guard lock(mutex_);
      all_read_ = true;
    }
    changed_.notify_all();
  }

  void take(pollfd& source, std::string& text) {
    if (source.fd < 0 || source.revents == 0) return;
    std::array<char, 16'384> bytes{};
    const ssize_t count = ::read(source.fd, bytes.data(), bytes.size());
    if (count > 0) {
      const std::lock_guard lock(mutex_);
      text.append(bytes.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      source.fd = -1;
    }
    changed_.notify_all();
  }

  void read_on(bool yes) {
    {
      const std::lock_guard lock(mutex_);
      reading_ = yes;
    }
    wake();
  }

  void wake() { ::eventfd_write(wake_.get(), 1); }

  pid_t pid_ = -1;
  std::optional<int> status_;

  // Behind the mutex.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string out_;
  std::string err_;
  bool reading_ = true;
  bool all_read_ = false;
  bool ending_ = false;

 private:
  Descriptor wake_;
  Descriptor pidfd_;
  Descriptor out_pipe_;
  Descriptor err_pipe_;
  std::thread reader_;
};

ChildProcess::ChildProcess(const ChildWish& wish) : impl_(std::make_unique<Impl>(wish)) {}
ChildProcess::~ChildProcess() = default;

pid_t ChildProcess::pid() const { return impl_->pid_; }

void ChildProcess::signal(int number) {
  if (!impl_->status_) ::kill(impl_->pid_, number);
}

bool ChildProcess::running() { return !wait(Patience(0)); }
std::optional<int> ChildProcess::wait(Patience patience) { return impl_->wait(patience); }

std::string ChildProcess::out() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->out_;
}

std::string ChildProcess::err() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->err_;
}

bool ChildProcess::wait_for_output(
    const std::function<bool(const std::string&, const std::string&)>& is_true,
    Patience patience) const {
  std::unique_lock lock(impl_->mutex_);
  const auto holds = [&] { return is_true(impl_->out_, impl_->err_); };
  impl_->changed_.wait_for(lock, patience, [&] { return holds() || impl_->all_read_; });
  return holds();
}

void ChildProcess::stop_reading() { impl_->read_on(false); }
void ChildProcess::resume_reading() { impl_->read_on(true); }

std::chrono::milliseconds ChildProcess::cpu_time() const {
  std::ifstream file("/proc/" + std::to_string(pid()) + "/stat");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  // The second field is a name in parentheses, which may hold anything; utime is the 14th.
  std::istringstream rest(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) rest >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  rest >> user >> system;
  return std::chrono::milliseconds((user + system) * 1000 / ::sysconf(_SC_CLK_TCK));
}

std::size_t ChildProcess::resident_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid()) + "/statm");
  std::size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

Outcome run(const ChildWish& wish, ChildProcess::Patience patience) {
  ChildProcess child(wish);
  const auto status = child.wait(patience);
  return {status.value_or(-1), child.out(), child.err()};
}

}  // namespace pap::sim
