// SPDX-License-Identifier: MIT
// papctl alerts watch
//
// What is delivered when is told by GET /alerts alone: the stream of observers says that an alert
// was decided, and nothing of what became of it. So that list is asked for every
// kAskForAlertsEvery, at all
// collectors at once, and what changed is shown.
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio.hpp>

#include "papctl/client/alert_changes.hpp"
#include "papctl/client/fetch.hpp"
#include "papctl/client/json_text.hpp"
#include "papctl/commands/arguments.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/alert_rows.hpp"
#include "papctl/print/records.hpp"

namespace pap::ctl {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

constexpr milliseconds kAskForAlertsEvery{2'000};

struct AlertsWatchOptions {
  std::size_t count = 0;
  milliseconds time{0};
};

// One collector that is asked again and again.
class Watched {
 public:
  struct Handlers {
    std::function<void(Watched&, std::vector<Json>)> changes;
    // The first answer, or that there is none, has come.
    std::function<void(Watched&)> begun;
  };

  Watched(asio::io_context& io, Fetcher& fetcher, const Target& target, bool several,
          Handlers handlers)
      : target_(target),
        endpoint_(Endpoint::parse(target.collector)),
        several_(several),
        fetcher_(fetcher),
        timer_(io),
        handlers_(std::move(handlers)) {}

  void ask() {
    const std::size_t rows = changes_.rows();
    fetch_ = fetcher_.get(target_, path(rows), kAnswerPatience, [this, rows](Fetched fetched) {
      fetch_.reset();
      on_answer(std::move(fetched), rows);
    });
  }

  std::string label() const { return several_ ? endpoint_.authority() : std::string{}; }
  std::string url() const { return endpoint_.url("/alerts"); }
  // Why it is not there now.
  const std::optional<Failure>& failure() const { return failure_; }
  bool has_begun() const { return begun_; }

 private:
  static std::string path(std::size_t rows) { return "/alerts?limit=" + std::to_string(rows); }

  void on_answer(Fetched fetched, std::size_t rows) {
    auto failure = std::move(fetched.failure);
    const Answer& answer = fetched.answer;
    Json json;
    if (!failure && answer.status == 404) {
      failure = no_alerts_at(endpoint_.url());
    } else if (!failure && answer.status != 200) {
      failure = refusal_of(url(), answer);
    } else if (!failure) {
      json = read_json(answer.body);
      if (!json.is_object()) {
        failure = Failure(kError, "the answer of " + url() + " is not JSON");
      }
    }
    tell(failure);
    failure_ = std::move(failure);
    if (!failure_) {
      auto found = changes_.take(json, rows);
      if (found.gap && rows < AlertChanges::kMostRows) return ask();
      if (found.gap) {
        complain("more alerts at " + endpoint_.authority() +
                 " than it remembers: some are missing");
      }
      handlers_.changes(*this, std::move(found.alerts));
    }
    if (!std::exchange(begun_, true)) handlers_.begun(*this);
    if (failure_ && failure_->status() != kNotReachable) return;  // no second try can mend it
    timer_.expires_after(kAskForAlertsEvery);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) ask();
    });
  }

  // A loss is told once, and so is its end. The first failure of a collector that is asked alone
  // is the command's end, and told there.
  void tell(const std::optional<Failure>& failure) const {
    if (failure && !failure_ && (several_ || begun_)) {
      complain(std::string(failure->what()) +
               (failure->status() == kNotReachable ? "; trying again" : ""));
    } else if (!failure && failure_) {
      complain(endpoint_.authority() + " answers again");
    }
  }

  const Target target_;
  const Endpoint endpoint_;
  const bool several_;
  Fetcher& fetcher_;
  asio::steady_timer timer_;
  const Handlers handlers_;

  AlertChanges changes_;
  std::unique_ptr<Fetch> fetch_;
  std::optional<Failure> failure_;
  bool begun_ = false;
};

// One after the other, as they come: a list has no end here.
Format streamed(Format format) { return format == Format::kJson ? Format::kJsonl : format; }

class Watch {
 public:
  Watch(Context& context, const AlertsWatchOptions& options)
      : context_(context),
        options_(options),
        fetcher_(io_, context.settings.targets.front()),
        records_(streamed(context.format()), context.settings.printing.headers,
                 context.settings.several(), context.terminal, context.out, alert_columns(),
                 alert_tsv_headers()) {
    for (const Target& target : context.settings.targets) {
      all_.push_back(std::make_unique<Watched>(
          io_, fetcher_, target, context.settings.several(),
          Watched::Handlers{
              [this](Watched& one, std::vector<Json> alerts) { show(one, std::move(alerts)); },
              [this](Watched&) { on_begun(); }}));
    }
  }

  int run() {
    for (const auto& one : all_) one->ask();
    if (options_.time.count() == 0) {
      io_.run();
    } else {
      io_.run_for(options_.time);
    }
    if (failure_) throw Failure(*failure_);
    return enough_ ? kFine : status();
  }

 private:
  void show(Watched& one, std::vector<Json> alerts) {
    for (Json& alert : alerts) {
      records_.add(alert_record(std::move(alert), std::nullopt, context_.terminal), one.label());
      if (!one.has_begun()) continue;  // what was there before
      if (++shown_ == options_.count) {
        enough_ = true;
        io_.stop();
        break;
      }
    }
    records_.show_now();
  }

  // Each has answered once, or not: somebody must be there to be watched.
  void on_begun() {
    bool anybody = false;
    for (const auto& one : all_) {
      if (!one->has_begun()) return;
      anybody = anybody || !one->failure();
    }
    if (anybody) {
      if (records_.count() == 0 && context_.terminal.interactive()) complain("no alerts yet");
      return;
    }
    const Failure& first = *all_.front()->failure();
    failure_ = all_.size() == 1
                   ? first
                   : Failure(first.status(), "none of the " + std::to_string(all_.size()) +
                                                 " collectors could be asked");
    io_.stop();
  }

  // Of those that are not there now.
  int status() const {
    for (const auto& one : all_) {
      if (one->failure()) return one->failure()->status();
      if (one->has_begun()) continue;
      complain("no answer from " + one->url() + " in that time");
      return kNotReachable;
    }
    return kFine;
  }

  Context& context_;
  const AlertsWatchOptions& options_;

  asio::io_context io_{1};
  Fetcher fetcher_;
  Records records_;
  std::vector<std::unique_ptr<Watched>> all_;
  std::optional<Failure> failure_;
  std::size_t shown_ = 0;
  bool enough_ = false;
};

int run_alerts_watch(Context& context, const AlertsWatchOptions& options) {
  return Watch(context, options).run();
}

}  // namespace

Run prepare_alerts_watch(CLI::App& app) {
  auto options = std::make_shared<AlertsWatchOptions>();
  app.add_option("--count", options->count, "end after so many that are new or have changed")
      ->check(some_count(1))
      ->type_name("N");
  add_duration(app, "--for", options->time, "end after this long");
  return [options](Context& context) { return run_alerts_watch(context, *options); };
}

}  // namespace pap::ctl
