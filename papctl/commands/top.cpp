// SPDX-License-Identifier: MIT
// papctl top
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio.hpp>

#include "papctl/client/observer.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/text.hpp"
#include "papctl/top/feed.hpp"
#include "papctl/top/frame.hpp"
#include "papctl/top/screen.hpp"

namespace pap::ctl {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kTick{1'000};     // ages grow
constexpr milliseconds kDrawAtMost{50};  // however fast messages come

void want_terminal() {
  const char* kind = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): no thread yet
  const bool dumb = kind == nullptr || *kind == '\0' || std::string_view(kind) == "dumb";
  if (::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1 && !dumb) return;
  throw Failure(kUsage, "top draws on a whole terminal, and there is none",
                "`papctl status` and `papctl agents list` say it in lines; `papctl observe agent "
                "--all`\nand `papctl alerts watch` go on saying it.");
}

class Top {
 public:
  explicit Top(Context& context)
      : context_(context),
        model_(labels(context.settings)),
        fetcher_(io_, context.settings.targets.front()),
        keyboard_(io_, ::dup(STDIN_FILENO)),
        signals_(io_, SIGINT, SIGTERM, SIGHUP),
        window_(io_, SIGWINCH, SIGTSTP),
        tick_(io_),
        pause_(io_),
        escape_(io_) {
    for (std::size_t i = 0; i < context.settings.targets.size(); ++i) {
      Target target = context.settings.targets[i];
      target.debug = false;  // where should it stand?
      feeds_.push_back(
          std::make_unique<top::Feed>(io_, fetcher_, target, i, model_, [this] { on_told(); }));
    }
  }

  int run() {
    {
      top::Screen screen(context_.out);
      screen_ = &screen;
      for (const auto& feed : feeds_) feed->ask();
      wait_for_keys();
      wait_for_signals();
      wait_for_window();
      wait_for_tick();
      draw();
      io_.run();
      observer_.reset();
      screen_ = nullptr;
    }
    if (failure_) throw Failure(*failure_);
    if (signal_ == SIGINT) return kInterrupted;
    if (signal_ != 0) {
      // As if it had never been held up: whoever waits for us sees which signal it was.
      std::signal(signal_, SIG_DFL);
      std::raise(signal_);
    }
    return kFine;
  }

 private:
  static std::vector<std::string> labels(const Settings& settings) {
    std::vector<std::string> out;
    for (const Target& target : settings.targets) {
      out.push_back(Endpoint::parse(target.collector).authority());
    }
    return out;
  }

  // ---- What comes in ----

  // At the beginning somebody must be there; later on, who is lost is waited for.
  void on_told() {
    draw_soon();
    if (somebody_) return;
    bool all_begun = true;
    for (const auto& feed : feeds_) {
      if (feed->has_begun() && !feed->first_failure()) somebody_ = true;
      all_begun = all_begun && feed->has_begun();
    }
    if (somebody_ || !all_begun) return;
    const Failure& first = *feeds_.front()->first_failure();
    failure_ = feeds_.size() == 1 ? first
                                  : Failure(first.status(),
                                            "none of the " + std::to_string(feeds_.size()) +
                                                " collectors could be asked: " + first.what(),
                                            first.advice());
    io_.stop();
  }

  void wait_for_keys() {
    // Not async_read_some: it would make the terminal non-blocking, for the shell too.
    keyboard_.async_wait(asio::posix::stream_descriptor::wait_read,
                         [this](const error_code& error) {
                           if (error) return;
                           std::array<char, 256> bytes{};
                           const ssize_t got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
                           if (got <= 0) return io_.stop();  // the terminal has gone
                           escape_.cancel();
                           on_keys(keys_.feed({bytes.data(), static_cast<std::size_t>(got)}));
                           if (keys_.waits()) {
                             escape_.expires_after(top::kEscapePatience);
                             escape_.async_wait([this](const error_code& cancelled) {
                               if (!cancelled) on_keys(keys_.settle());
                             });
                           }
                           wait_for_keys();
                         });
  }

  void on_keys(const std::vector<top::Key>& keys) {
    for (const top::Key& key : keys) carry_out(model_.on_key(key, page_));
    if (!keys.empty()) draw();
  }

  void carry_out(top::Todo todo) {
    switch (todo) {
      case top::Todo::kNothing:
        break;
      case top::Todo::kQuit:
        io_.stop();
        break;
      case top::Todo::kAskAgain:
        for (const auto& feed : feeds_) feed->ask();
        break;
      case top::Todo::kObserve:
        observe();
        break;
      case top::Todo::kLeave:
        observer_.reset();
        break;
      case top::Todo::kRedraw:
        screen_->forget();
        break;
    }
  }

  void observe() {
    const top::Drill& drill = *model_.drill();
    Target target = context_.settings.targets[drill.collector];
    target.debug = false;
    observer_ = std::make_unique<Observer>(
        io_,
        std::vector<Observer::Stream>{{std::move(target), "/observe/" + percent_encoded(drill.id)}},
        Observer::Handlers{[this](const std::string&, const std::string& message) {
                             model_.on_message(message);
                             draw_soon();
                             return true;
                           },
                           [this](const std::string&, bool) {
                             model_.on_stream({});
                             draw_soon();
                           },
                           [this](const std::string&, const std::string& why, milliseconds retry) {
                             model_.on_stream("no stream (" + why + "); trying again in " +
                                              short_duration(retry));
                             draw_soon();
                           }},
        [this](const Failure& failure) {
          const std::string advice = failure.advice();
          model_.on_stream(failure.what() + (advice.empty() ? "" : ". " + advice));
          draw_soon();
        });
  }

  void wait_for_signals() {
    signals_.async_wait([this](const error_code& error, int number) {
      if (error) return;
      signal_ = number;
      io_.stop();
    });
  }

  void wait_for_window() {
    window_.async_wait([this](const error_code& error, int number) {
      if (error) return;
      if (number == SIGTSTP) {
        screen_->leave();
        std::raise(SIGSTOP);
        // Here again.
        screen_->enter();
      }
      screen_->forget();
      draw();
      wait_for_window();
    });
  }

  void wait_for_tick() {
    tick_.expires_after(kTick);
    tick_.async_wait([this](const error_code& error) {
      if (error) return;
      draw();
      wait_for_tick();
    });
  }

  // ---- What goes out ----

  void draw_soon() {
    if (std::exchange(drawing_, true)) return;
    pause_.expires_after(kDrawAtMost);
    pause_.async_wait([this](const error_code& error) {
      if (!error) draw();
    });
  }

  void draw() {
    drawing_ = false;
    Terminal::Traits traits;
    traits.colors = context_.terminal.colors();
    traits.utf8 = context_.terminal.utf8();
    const top::Frame frame =
        top::draw(model_, top::Screen::size(), traits,
                  {std::chrono::steady_clock::now(), std::chrono::system_clock::now()});
    page_ = frame.page;
    screen_->show(frame.lines);
  }

  Context& context_;
  asio::io_context io_{1};
  top::Model model_;
  Fetcher fetcher_;
  std::vector<std::unique_ptr<top::Feed>> feeds_;
  std::unique_ptr<Observer> observer_;
  asio::posix::stream_descriptor keyboard_;
  asio::signal_set signals_;
  asio::signal_set window_;
  asio::steady_timer tick_;
  asio::steady_timer pause_;
  asio::steady_timer escape_;

  top::KeyReader keys_;
  top::Screen* screen_ = nullptr;
  std::size_t page_ = 0;
  bool drawing_ = false;
  bool somebody_ = false;
  int signal_ = 0;
  std::optional<Failure> failure_;
};

}  // namespace

Run prepare_top(CLI::App&) {
  return [](Context& context) {
    want_terminal();
    return Top(context).run();
  };
}

}  // namespace pap::ctl
