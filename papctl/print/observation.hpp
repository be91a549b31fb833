// SPDX-License-Identifier: MIT
#pragma once

// Observation messages as lines: for people, as TSV, or as they came.
//
// What changed since an agent's last message is told from what is remembered of it: about 150 bytes
// an agent that was seen, and its name.
// Threads: one.

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "papctl/client/client.hpp"
#include "papctl/print/format.hpp"
#include "papctl/print/terminal.hpp"

namespace pap::ctl {

class ObservationLines {
 public:
  // `several`: each line says from which collector it is. `name_glob`: what is of agents with
  // another name is no line.
  ObservationLines(Format format, bool several, const Terminal& terminal,
                   std::string name_glob = {})
      : format_(format), several_(several), name_glob_(std::move(name_glob)), terminal_(terminal) {}

  std::string header() const;  // of TSV; "" for the rest

  struct Line {
    std::string out;        // for stdout, with its newline
    std::string complaint;  // for stderr: what the collector says of the stream itself
    bool counts = false;    // a heartbeat, an alert, a recovery, a removal
  };
  Line line_for(const std::string& message, const std::string& collector = {});

 private:
  struct Known {
    std::optional<TimePoint> at;
    std::string mode;
    std::string name;
    double uptime = 0;
  };
  struct Said {
    std::string time;  // as in the message, "" when it has none
    std::string type;
    std::string id;
    std::string name;
    bool name_is_shared = false;  // another agent was seen that has it too
    std::string mode;
    std::optional<double> uptime;
    std::optional<std::chrono::milliseconds> gap;
    std::string note;
    Paint paint = Paint::kPlain;
    std::string symbol;
  };

  bool is_wanted(const nlohmann::json& message, const std::string& type) const;
  Said read(const nlohmann::json& message);
  bool is_shared(const std::string& name, const std::string& id);
  void read_agent(const nlohmann::json& agent, Said& said);
  void read_heartbeat(const nlohmann::json& message, Said& said);
  void read_initial(const nlohmann::json& message, Said& said);
  void read_alert(const nlohmann::json& message, Said& said) const;
  std::string who(const Said& said) const;
  std::string for_people(const Said& said, const std::string& collector) const;

  const Format format_;
  const bool several_;
  const std::string name_glob_;
  const Terminal& terminal_;
  std::unordered_map<std::string, Known> known_;
  // Who has a name: one agent's id, or "" for several.
  std::unordered_map<std::string, std::string> named_;
};

}  // namespace pap::ctl
