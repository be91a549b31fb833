// SPDX-License-Identifier: MIT
#include "papctl/completion/answer.hpp"

#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>

#include "papctl/commands/command_line.hpp"
#include "papctl/completion/agents.hpp"
#include "papctl/completion/words.hpp"
#include "papctl/contexts.hpp"
#include "papctl/print/output.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

// What is left for starting, parsing and printing.
constexpr std::chrono::milliseconds kAskingPatience{220};

// A name server, or the file of contexts on a share that has gone: nothing can be awaited then.
void give_up(int) {
  constexpr std::string_view kNothing = ":\n";
  [[maybe_unused]] const ssize_t written = ::write(STDOUT_FILENO, kNothing.data(), kNothing.size());
  ::_exit(0);
}

void limit_time() {
  std::signal(SIGALRM, give_up);
  itimerval time{};
  time.it_value.tv_usec =
      std::chrono::microseconds(kCompletionPatience - std::chrono::milliseconds(20)).count();
  ::setitimer(ITIMER_REAL, &time, nullptr);
}

void be_silent() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
}

// The settings that the words before the cursor make.
Settings settings_of(const std::vector<std::string>& globals) {
  CommandLine line;
  std::vector<const char*> argv{"papctl"};
  for (const std::string& word : globals) argv.push_back(word.c_str());
  line.app().parse(static_cast<int>(argv.size()), argv.data());
  line.globals().target.debug = false;
  settle(line.globals());
  return line.globals().settings;
}

void add_contexts(Completion& completion) {
  const Contexts contexts = Contexts::load(contexts_path());
  for (const auto& [name, context] : contexts.named) {
    if (!name.starts_with(completion.typed) || visible(name) != name) continue;
    std::string about;
    for (const std::string& each : context.collectors) about += (about.empty() ? "" : " ") + each;
    completion.candidates.push_back({completion.before + name, visible(about)});
  }
}

void add_agents(Completion& completion) {
  for (Candidate& agent :
       agents_that_begin(completion.typed, settings_of(completion.globals), kAskingPatience)) {
    completion.candidates.push_back({completion.before + agent.word, std::move(agent.about)});
  }
}

std::string text_of(const Completion& completion) {
  std::string out;
  for (const Candidate& candidate : completion.candidates) {
    out += candidate.word;
    if (!candidate.about.empty()) out += '\t' + candidate.about;
    out += '\n';
  }
  return out + (completion.more == Completion::More::kFiles ? ":files\n" : ":\n");
}

}  // namespace

int answer_completion(const std::vector<std::string>& words) {
  limit_time();
  be_silent();
  Completion completion;
  try {
    const CommandLine line;
    completion = complete(line.app(), words);
    if (completion.more == Completion::More::kContexts) add_contexts(completion);
    if (completion.more == Completion::More::kAgents) add_agents(completion);
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): what there is, is offered
  }
  try {
    Output out;
    out.write(text_of(completion));
    out.flush();
  } catch (...) {  // NOLINT(bugprone-empty-catch): nobody reads it
  }
  // Without waiting for a look-up that goes on.
  std::_Exit(0);
}

}  // namespace pap::ctl
