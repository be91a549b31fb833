// SPDX-License-Identifier: MIT
#include "papctl/manual/page.hpp"

#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <sstream>
#include <string_view>

#include "pap/version.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

// When these pages last changed in what they say.
constexpr std::string_view kDate = "2026-11-25";

// Text as it shall stand: what troff takes for its own is escaped, and so is all beyond ASCII, as
// \[u2026].
std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";  // one that can be copied into a shell
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '`') {
      out += "\\(ga";
    } else if (c == '~') {
      out += "\\(ti";
    } else if (c == '^') {
      out += "\\(ha";
    } else if ((static_cast<unsigned char>(c) & 0x80U) != 0) {
      const auto [name, bytes] = first_code_point(text);
      std::array<char, 16> buffer{};
      std::snprintf(buffer.data(), buffer.size(), "\\[u%04X]", static_cast<unsigned>(name));
      out += buffer.data();
      text.remove_prefix(bytes);
      continue;
    } else {
      out += c;
    }
    text.remove_prefix(1);
  }
  return out;
}

// A line of running text, cut at blanks into short ones as man(7) likes them; one that begins with
// a dot would be a request.
std::string lines_of(std::string_view text) {
  constexpr std::size_t kLongest = 78;
  std::string out;
  std::string line;
  const auto end_line = [&] {
    if (!line.empty()) out += (line.starts_with('.') ? "\\&" : "") + line + '\n';
    line.clear();
  };
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    word = escaped(word);
    if (!line.empty() && line.size() + 1 + word.size() > kLongest) end_line();
    line += (line.empty() ? "" : " ") + word;
  }
  end_line();
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string dashed(std::string name) {
  for (char& c : name) c = c == ' ' ? '-' : c;
  return name;
}

std::string heading(const std::string& name, const std::string& summary) {
  const std::string version(pap::build_info());
  const std::string page = escaped(dashed(name));
  return ".\\\" SPDX-License-Identifier: MIT\n.TH " + upper(page) + " 1 " + std::string(kDate) +
         " \"papctl " + escaped(version.substr(0, version.find(' '))) +
         "\" \"PAP heartbeat collector\"\n.SH NAME\n" + page + " \\-\n" + lines_of(summary);
}

// What --help says below the options: examples stand as they are, all else runs on.
std::string prose(std::string_view text) {
  std::string out;
  bool verbatim = false;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const bool indented = line.starts_with("  ");
    if (indented != verbatim) out += indented ? ".RS 4\n.nf\n" : ".fi\n.RE\n";
    verbatim = indented;
    if (line == "Example:" || line == "Examples:") {
      out += ".SH EXAMPLES\n";
    } else if (indented) {
      const std::string as_it_stands = escaped(line.substr(2));
      out += (as_it_stands.starts_with('.') ? "\\&" : "") + as_it_stands + '\n';
    } else {
      out += lines_of(line);
    }
  }
  if (verbatim) out += ".fi\n.RE\n";
  return out;
}

std::string type_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

std::string names_of(const CLI::Option& option) {
  if (option.get_positional()) return "\\fI" + escaped(option.get_name()) + "\\fR";
  std::string out;
  const auto add = [&](const std::string& name) {
    out += (out.empty() ? "" : ", ") + ("\\fB" + escaped(name) + "\\fR");
  };
  for (const std::string& name : option.get_snames()) add("-" + name);
  for (const std::string& name : option.get_lnames()) add("--" + name);
  if (option.get_items_expected_max() > 0) out += " \\fI" + escaped(type_of(option)) + "\\fR";
  return out;
}

// All of one kind.
std::string options_of(const CLI::App& app, const char* title, bool positional) {
  std::string out;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional() != positional) continue;
    out += ".TP\n" + names_of(*option) + '\n' + lines_of(option->get_description());
  }
  return out.empty() ? out : ".SH " + std::string(title) + '\n' + out;
}

std::string synopsis_of(const CLI::App& app, const std::string& name) {
  std::string out = ".SH SYNOPSIS\n\\fB" + escaped(name) + "\\fR\n[\\fIOPTIONS\\fR]";
  for (const CLI::Option* option : app.get_options()) {
    const std::string names = names_of(*option);
    if (option->get_positional()) {
      const std::string more = option->get_items_expected_max() > 1 ? "..." : "";
      out += option->get_required() ? " " + names + more : " [" + names + more + ']';
    } else if (option->get_required()) {
      out += ' ' + names;
    }
  }
  return out + '\n';
}

std::string exit_status() {
  std::string out = ".SH EXIT STATUS\n";
  std::istringstream lines{std::string(kExitStatusHelp)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("  ")) continue;
    const std::size_t gap = line.find(' ', 2);
    const std::size_t text = line.find_first_not_of(' ', gap);
    out += ".TP\n\\fB" + line.substr(2, gap - 2) + "\\fR\n" + lines_of(line.substr(text));
  }
  return out;
}

std::string reference_to(const std::string& name) {
  return ".BR " + escaped(dashed(name)) + " (1)";
}

}  // namespace

std::string manual_page(const CommandLine& line) {
  std::string out = heading("papctl", "asks a PAP heartbeat collector who is alive");
  out += ".SH SYNOPSIS\n\\fBpapctl\\fR [\\fIOPTIONS\\fR] \\fICOMMAND\\fR ...\n.SH DESCRIPTION\n";
  out += lines_of(line.app().get_description());
  out += "The options below go with every command, before its name or behind it.\n";
  out += ".SH COMMANDS\n";
  for (const CommandLine::Defined& each : line.commands()) {
    out += ".TP\n\\fB" + escaped(full_name(*each.command)) + "\\fR\n" +
           lines_of(each.command->summary);
  }
  out += options_of(line.app(), "OPTIONS", false);
  out += ".SH ENVIRONMENT\n";
  std::string_view environment = kEnvironmentHelp;
  environment.remove_prefix(environment.find('\n') + 1);
  out += prose(environment) + exit_status() + ".SH SEE ALSO\n";
  std::string separator;
  for (const CommandLine::Defined& each : line.commands()) {
    out += separator + reference_to("papctl " + full_name(*each.command));
    separator = " ,\n";
  }
  return out + '\n';
}

std::string manual_page(const CommandLine&, const CommandLine::Defined& command) {
  const std::string name = "papctl " + full_name(*command.command);
  std::string out = heading(name, std::string(command.command->summary));
  out += synopsis_of(*command.app, name) + ".SH DESCRIPTION\n";
  const std::string_view details = command.command->details;
  if (details.starts_with("Example")) out += lines_of(command.command->summary);
  const std::size_t examples = details.rfind("Example");
  out += prose(details.substr(0, examples));
  out += options_of(*command.app, "ARGUMENTS", true);
  out += options_of(*command.app, "OPTIONS", false);
  out += ".PP\nThose of every command are in\n" + reference_to("papctl") + ".\n";
  if (examples != std::string_view::npos) out += prose(details.substr(examples));
  return out + exit_status() + ".SH SEE ALSO\n" + reference_to("papctl") + '\n';
}

}  // namespace pap::ctl
