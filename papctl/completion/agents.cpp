// SPDX-License-Identifier: MIT
#include "papctl/completion/agents.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include <boost/asio.hpp>

#include "papctl/client/agent.hpp"
#include "papctl/client/agent_splitter.hpp"
#include "papctl/client/fetch.hpp"
#include "papctl/client/json_text.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

// One collector's answer, taken apart as it comes and given up when there are enough.
class Search {
 public:
  Search(Fetcher& fetcher, const Target& target, std::string prefix)
      : prefix_(std::move(prefix)),
        splitter_([this](std::string_view text) { return take(text); }),
        // All in one answer: there is no time for pages, and what is not read is not written.
        fetch_(fetcher.get(
            target, "/agents", std::chrono::seconds(1), [](const Fetched&) {},
            [this](std::string_view piece, TimePoint) { return splitter_.feed(piece); })) {}

  std::vector<std::pair<bool, Candidate>>& found() { return found_; }

 private:
  bool take(std::string_view text) {
    if (text.find(prefix_) == std::string_view::npos) return true;  // to parse is dear
    const Agent agent = Agent::from(read_json(text));
    // What cannot be typed as it stands is not offered.
    if (agent.id.empty() || !agent.id.starts_with(prefix_) || visible(agent.id) != agent.id) {
      return true;
    }
    std::string about = agent.healthy ? "healthy" : "unhealthy";
    if (!agent.name.empty() && agent.name != agent.id) about = visible(agent.name) + ", " + about;
    found_.push_back({agent.healthy, {agent.id, std::move(about)}});
    return found_.size() < kMostAgents;
  }

  const std::string prefix_;
  std::vector<std::pair<bool, Candidate>> found_;
  AgentSplitter splitter_;
  std::unique_ptr<Fetch> fetch_;
};

}  // namespace

std::vector<Candidate> agents_that_begin(const std::string& prefix, const Settings& settings,
                                         std::chrono::milliseconds patience) {
  boost::asio::io_context io(1);
  Fetcher fetcher(io, settings.targets.front());
  std::vector<std::unique_ptr<Search>> searches;
  for (const Target& target : settings.targets) {
    searches.push_back(std::make_unique<Search>(fetcher, target, prefix));
  }
  io.run_for(patience);

  std::vector<std::pair<bool, Candidate>> all;
  for (const auto& search : searches) {
    std::move(search->found().begin(), search->found().end(), std::back_inserter(all));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (all.size() > kMostAgents) all.resize(kMostAgents);
  std::vector<Candidate> out;
  for (auto& [healthy, candidate] : all) out.push_back(std::move(candidate));
  return out;
}

}  // namespace pap::ctl
