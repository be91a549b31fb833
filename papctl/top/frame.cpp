// SPDX-License-Identifier: MIT
#include "papctl/top/frame.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "papctl/print/agent_rows.hpp"
#include "papctl/print/alert_rows.hpp"
#include "papctl/print/clock_time.hpp"
#include "papctl/print/observation.hpp"
#include "papctl/print/table.hpp"
#include "papctl/print/text.hpp"
#include "papctl/top/line.hpp"

namespace pap::ctl::top {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kHeading = 8;     // "AGENTS  "
constexpr std::size_t kWidestBar = 60;  // beyond it nobody reads more from it
constexpr std::size_t kNarrow = 70;     // below it words are letters
constexpr std::size_t kLowForAlerts = 10;
constexpr std::size_t kMostLostLines = 3;

std::string with_unit(double rate) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), rate < 100 ? "%.1f/s" : "%.0f/s", rate);
  return buffer.data();
}

class Painter {
 public:
  Painter(const Model& model, Size size, const Terminal::Traits& traits, Moment now)
      : model_(model), size_(size), terminal_(with_size(traits, size)), now_(now) {}

  Frame draw() {
    if (model_.shows_help()) {
      help();
    } else if (model_.drill()) {
      observed(*model_.drill());
    } else {
      fleet();
    }
    if (frame_.lines.size() > size_.lines) frame_.lines.resize(size_.lines);
    return std::move(frame_);
  }

 private:
  static Terminal with_size(Terminal::Traits traits, Size size) {
    traits.interactive = true;
    traits.columns = size.columns;
    return Terminal(traits);
  }

  Line line() const { return {terminal_, size_.columns}; }
  void put(const Line& line) { frame_.lines.push_back(line.text()); }
  std::string shown(const std::string& text) const { return visible(text, terminal_.utf8()); }
  std::string_view good() const { return terminal_.symbol("✔", "+"); }
  std::string_view bad() const { return terminal_.symbol("✘", "!"); }

  // The last line, below whatever stands above.
  void footer(const Line& last) {
    frame_.lines.resize(size_.lines > 0 ? size_.lines - 1 : 0);
    put(last);
  }

  void title() {
    const auto& all = model_.collectors();
    const std::string who =
        all.size() == 1 ? all.front().label : std::to_string(all.size()) + " collectors";
    const std::string clock = clock_second(now_.wall, now_.wall);
    Line out = line();
    out.add("papctl top", Paint::kBold).add("  ").add(shown(who));
    if (out.room() > clock.size() + 1) {
      out.add(std::string(out.room() - clock.size(), ' ')).add(clock, Paint::kFaint);
    }
    put(out);
  }

  void lost() {
    std::vector<const CollectorState*> gone;
    for (const CollectorState& each : model_.collectors()) {
      if (each.why_lost) gone.push_back(&each);
    }
    const std::size_t room = std::clamp<std::size_t>(size_.lines / 6, 1, kMostLostLines);
    for (std::size_t i = 0; i < gone.size() && i < room; ++i) {
      if (i + 1 == room && gone.size() > room) {
        put(line().add(std::to_string(gone.size() - i) + " more are not reachable", Paint::kBad));
        break;
      }
      put(line().add(std::string(bad()) + ' ' + shown(gone[i]->label) + " not reachable since " +
                         clock_second(gone[i]->lost_since, now_.wall) + ": " +
                         shown(*gone[i]->why_lost),
                     Paint::kBad));
    }
  }

  // A heading, a bar as wide as what follows lets it be, and that.
  void bar_line(const char* heading, std::span<const Part> parts,
                const std::vector<std::pair<std::string, Paint>>& words) {
    std::size_t width = 0;
    for (const auto& [word, paint] : words) width += 2 + width_of(word);
    Line out = line();
    out.add(padded(heading, kHeading), Paint::kFaint);
    const std::size_t cells = std::min(out.room() - std::min(out.room(), width), kWidestBar);
    constexpr std::size_t kNarrowestBar = 4;
    if (cells < kNarrowestBar) {
      for (const auto& [word, paint] : words) out.add(word, paint).add("  ");
      return put(out);
    }
    Line rest(terminal_, size_.columns - kHeading - cells);
    for (const auto& [word, paint] : words) rest.add_whole(word, paint);
    frame_.lines.push_back(out.text() + bar(terminal_, parts, cells) + rest.text());
  }

  void counts() {
    std::uint64_t total = 0;
    std::uint64_t healthy = 0;
    std::uint64_t unhealthy = 0;
    std::array<std::uint64_t, 3> modes{};
    for (const CollectorState& each : model_.collectors()) {
      total += each.counts.total;
      healthy += each.counts.healthy;
      unhealthy += each.counts.unhealthy;
      for (std::size_t i = 0; i < modes.size(); ++i) modes[i] += each.counts.by_mode[i];
    }
    const bool narrow = size_.columns < kNarrow;
    const auto word = [&](std::string_view symbol, std::uint64_t count, const char* name) {
      return std::string(symbol) + ' ' + std::to_string(count) +
             (narrow ? "" : ' ' + std::string(name));
    };
    const std::array<Part, 2> health{Part{healthy, terminal_.symbol("█", "#"), Paint::kGood},
                                     Part{unhealthy, terminal_.symbol("░", "!"), Paint::kBad}};
    bar_line("AGENTS", health,
             {{std::to_string(total), Paint::kBold},
              {word(good(), healthy, "healthy"), Paint::kGood},
              {word(bad(), unhealthy, "unhealthy"), unhealthy > 0 ? Paint::kBad : Paint::kFaint}});

    const std::array<Part, 3> by_mode{Part{modes[0], terminal_.symbol("█", "#"), Paint::kWarn},
                                      Part{modes[1], terminal_.symbol("▒", "="), Paint::kGood},
                                      Part{modes[2], terminal_.symbol("░", "-"), Paint::kFaint}};
    std::vector<std::pair<std::string, Paint>> words;
    for (std::size_t i = 0; i < kModes.size(); ++i) {
      const std::string name = narrow ? std::string(1, kModes[i][0]) : std::string(kModes[i]);
      words.emplace_back(
          std::string(by_mode[i].glyph) + ' ' + name + ' ' + std::to_string(modes[i]),
          i == 0 && modes[i] > 0 ? Paint::kWarn : Paint::kPlain);
    }
    bar_line("MODES", by_mode, words);
  }

  static std::optional<double> sum_of(const std::vector<CollectorState>& all,
                                      std::optional<double> CollectorState::*field) {
    std::optional<double> sum;
    for (const CollectorState& each : all) {
      if (each.*field && std::isfinite(*(each.*field))) sum = sum.value_or(0) + *(each.*field);
    }
    return sum;
  }

  void traffic() {
    const auto& all = model_.collectors();
    const auto whole = [](std::optional<double> value) {
      return value ? plain_number(std::floor(*value)) : std::string("?");
    };
    Line out = line();
    const auto rate = sum_of(all, &CollectorState::rate);
    out.add(padded("BEATS", kHeading), Paint::kFaint);
    out.add(rate ? with_unit(*rate) : terminal_.symbol("…", "..."));
    if (const auto away = sum_of(all, &CollectorState::station_away)) {
      const bool unset = std::any_of(all.begin(), all.end(),
                                     [](const CollectorState& each) { return !each.station_set; });
      const bool well = *away == 0 && !unset;
      out.add_whole("Station", Paint::kFaint).add(" ");
      out.add(well ? std::string(good()) : std::string(bad()) + (*away > 0 ? " away" : " not set"),
              well ? Paint::kGood : Paint::kBad);
    }
    const auto queue = sum_of(all, &CollectorState::queue);
    out.add_whole("queue " + whole(queue), queue.value_or(0) > 0 ? Paint::kWarn : Paint::kPlain);
    if (const auto waiting = sum_of(all, &CollectorState::waiting)) {
      out.add_whole("waiting " + whole(waiting));
      out.add_whole("in flight " + whole(sum_of(all, &CollectorState::in_flight)));
    }
    put(out);
  }

  void alerts() {
    if (size_.lines < kLowForAlerts) return;
    const std::size_t room = size_.lines < 16 ? 1 : std::clamp<std::size_t>(size_.lines / 6, 2, 8);
    struct Row {
      std::string time;
      const nlohmann::ordered_json* alert;
      const std::string* label;
    };
    std::vector<Row> rows;
    bool told = false;
    for (const CollectorState& each : model_.collectors()) {
      told = told || each.has_alerts;
      for (const auto& alert : each.alerts) {
        rows.push_back({field_of(alert, "timestamp"), &alert, &each.label});
      }
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.time > b.time; });
    if (rows.empty()) {
      put(line()
              .add(padded("ALERTS", kHeading), Paint::kFaint)
              .add(told ? "none" : "not told by an older collector", Paint::kFaint));
      return;
    }
    for (std::size_t i = 0; i < rows.size() && i < room; ++i) {
      put(alert_line(*rows[i].alert, *rows[i].label));
    }
  }

  Line alert_line(const nlohmann::ordered_json& alert, const std::string& label) const {
    const bool critical = field_of(alert, "severity") == "critical";
    const auto at = parse_timestamp(field_of(alert, "timestamp"));
    const std::string name = field_of(alert, "agent_name");
    const std::string id = field_of(alert, "agent_uuid");
    const std::string state = delivery_of(alert);
    Line out = line();
    out.add(at ? clock_second(*at, now_.wall) : "?", Paint::kFaint).add(" ");
    out.add(std::string(critical ? bad() : terminal_.symbol("▲", "*")) + ' ' +
                padded(shown(field_of(alert, "type")), size_.columns < kNarrow ? 0 : 16),
            critical ? Paint::kBad : Paint::kWarn);
    // The delivery is seen whatever the name.
    const std::size_t behind = width_of(state) + 2;
    std::string who = shown(name.empty() ? id : name);
    // Names may be shared; the id's ends lead to the agent below.
    const bool named = !name.empty() && name != id;
    if (named && size_.columns >= kNarrow) {
      who += ' ' + short_id(shown(id), terminal_.utf8());
    }
    out.add(" ").add(cut_middle(who, out.room() > behind + 8 ? out.room() - behind : out.room(),
                                terminal_.utf8()));
    out.add_whole(shown(state), paint_of_delivery(state));
    if (model_.several()) out.add_whole(shown(label), Paint::kFaint);
    return out;
  }

  static std::vector<Column> columns() {
    return {{"COLLECTOR", 8, 60, false, 0, true},
            {"AGENT", 8, 100, false, 0, true},
            {"NAME", 6, 45, false},
            {"MODE", 0, 80, false, 9},
            {"HEALTH", 0, 90, false, 11},
            {"SILENT", 0, 85, true, 7},
            {"UPTIME", 0, 25, true, 6},
            {"BEATS", 0, 20, true}};
  }

  Table::Row cells_of(const Listed& listed) const {
    const CollectorState& collector = model_.collectors()[listed.collector];
    const AgentRow& row = *listed.row;
    const bool named = row.name != row.id && !row.name.empty();
    const auto silent =
        row.silent + std::chrono::duration_cast<milliseconds>(now_.steady - collector.rows_at);
    const double uptime = std::clamp(row.uptime_seconds, 0.0, 4e9);
    Table::Row cells{
        {shown(collector.label), Paint::kFaint},
        {shown(row.id), Paint::kBold},
        {named ? shown(row.name) : "-", named ? Paint::kPlain : Paint::kFaint},
        {shown(row.mode), paint_of_mode(row.mode)},
        // Of a collector that is lost, nobody knows how its agents are now.
        collector.why_lost ? Cell{"? unknown", Paint::kFaint} : health_cell(row.healthy, terminal_),
        {short_duration(silent), row.healthy ? Paint::kPlain : Paint::kBad},
        {short_duration(milliseconds(static_cast<std::int64_t>(uptime * 1000))), Paint::kPlain},
        {std::to_string(row.beats), Paint::kPlain}};
    if (!model_.several()) cells.erase(cells.begin());
    return cells;
  }

  void agents(const std::vector<Listed>& listed, std::size_t selected) {
    constexpr std::size_t kMark = 2;
    // The header above, the keys below.
    const std::size_t used = frame_.lines.size() + 2;
    frame_.page = size_.lines > used ? size_.lines - used : 0;
    if (listed.empty()) {
      put(line());
      put(line().add(nobody(), Paint::kFaint));
      return;
    }
    first_ = selected < frame_.page ? 0 : selected - frame_.page + 1;
    last_ = std::min(first_ + frame_.page, listed.size());

    const Terminal inner = with_size(inner_traits(), {size_.columns - kMark, size_.lines});
    auto wanted = columns();
    if (!model_.several()) wanted.erase(wanted.begin());
    Table table(std::move(wanted), inner, true);
    std::vector<Table::Row> rows;
    for (std::size_t i = first_; i < last_; ++i) rows.push_back(cells_of(listed[i]));
    table.settle(rows, true);
    const auto without_newline = [](std::string text) {
      text.pop_back();
      return text;
    };
    frame_.lines.push_back("  " + without_newline(table.header()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const bool here = first_ + i == selected;
      const std::string mark =
          here ? terminal_.painted(terminal_.symbol("▶ ", "> "), Paint::kBold) : "  ";
      frame_.lines.push_back(mark + without_newline(table.line(rows[i])));
    }
  }

  Terminal::Traits inner_traits() const {
    Terminal::Traits traits;
    traits.colors = terminal_.colors();
    traits.utf8 = terminal_.utf8();
    return traits;
  }

  std::string nobody() const {
    const auto& all = model_.collectors();
    const bool any = std::any_of(all.begin(), all.end(), [](const auto& c) { return c.answered; });
    if (!any) return "no answer yet";
    return model_.filter().empty() && !model_.mode() ? "no agents" : "no agents that match";
  }

  void fleet() {
    title();
    lost();
    counts();
    traffic();
    alerts();
    const auto listed = model_.listed();
    const std::size_t selected = model_.selected(listed);
    agents(listed, selected);

    Line last = line();
    if (model_.is_editing()) {
      last.add("/" + shown(model_.filter()), Paint::kBold).add("_");
      last.add_whole("Enter keeps it, Esc takes it back", Paint::kFaint);
      return footer(last);
    }
    last.add("? help", Paint::kFaint);
    if (!model_.filter().empty()) last.add_whole("/" + shown(model_.filter()), Paint::kBold);
    if (model_.mode()) last.add_whole(*model_.mode(), Paint::kBold);
    last.add_whole(std::string("by ") + name_of(model_.sort()));
    if (!listed.empty()) {
      const auto& all = model_.collectors();
      const bool more = std::any_of(all.begin(), all.end(), [](const auto& c) { return c.more; });
      last.add_whole(std::to_string(first_ + 1) + "-" + std::to_string(last_) + " of " +
                     std::to_string(listed.size()) + (more ? "+" : ""));
    }
    for (const char* key : {"q quit", "/ filter", "m mode", "s sort", "Enter observe"}) {
      last.add_whole(key, Paint::kFaint);
    }
    footer(last);
  }

  void observed(const Drill& drill) {
    const std::string& label = model_.collectors()[drill.collector].label;
    Line head = line();
    head.add(shown(drill.name.empty() ? drill.id : drill.name), Paint::kBold);
    if (drill.name != drill.id && !drill.name.empty()) head.add_whole(shown(drill.id));
    head.add_whole("at " + shown(label), Paint::kFaint);
    put(head);
    if (!drill.trouble.empty()) {
      put(line().add(std::string(bad()) + ' ' + shown(drill.trouble), Paint::kBad));
    }
    put(line());
    // What changed is told from the message before, so all are read, and the last ones shown.
    ObservationLines reader(Format::kTable, false, terminal_);
    std::vector<std::string> lines;
    for (const std::string& message : drill.messages) {
      auto said = reader.line_for(message);
      if (said.out.ends_with('\n')) said.out.pop_back();
      if (said.out.empty() && !said.complaint.empty()) {
        said.out = line().add(said.complaint, Paint::kWarn).text();
      }
      if (!said.out.empty()) lines.push_back(std::move(said.out));
    }
    const std::size_t used = frame_.lines.size() + 1;
    const std::size_t room = size_.lines > used ? size_.lines - used : 0;
    const std::size_t from = lines.size() > room ? lines.size() - room : 0;
    for (std::size_t i = from; i < lines.size(); ++i) frame_.lines.push_back(std::move(lines[i]));
    if (lines.empty()) put(line().add("nothing heard yet", Paint::kFaint));
    footer(line().add("Esc back", Paint::kFaint).add_whole("q quit", Paint::kFaint));
  }

  void help() {
    title();
    constexpr std::array<std::pair<const char*, const char*>, 9> kKeys{{
        {"q", "quit (Ctrl-C too)"},
        {"/", "filter by name: a part of it, or web-*"},
        {"m", "one mode after the other, then all"},
        {"s", "sort by worst, name, mode, uptime, beats"},
        {"Up Down", "choose an agent (also k j, PgUp PgDn)"},
        {"Enter", "observe it"},
        {"Esc", "back; without filter and mode"},
        {"Ctrl-L", "draw the screen anew"},
        {"?", "this; any key leaves it"},
    }};
    for (const auto& [key, what] : kKeys) {
      put(line().add("  ").add(padded(key, 8), Paint::kBold).add(what));
    }
  }

  const Model& model_;
  const Size size_;
  const Terminal terminal_;
  const Moment now_;
  Frame frame_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

}  // namespace

Frame draw(const Model& model, Size size, const Terminal::Traits& traits, Moment now) {
  return Painter(model, size, traits, now).draw();
}

}  // namespace pap::ctl::top
