#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "report/report.h"

namespace sshkeep::bin {

enum class Format : std::uint8_t { text, json, sarif };

/// --format, --color, --no-color and --output.
struct Display {
    std::string format = "text";
    std::string colour = "auto";
    bool no_colour = false;
    std::string output;

    [[nodiscard]] Format kind() const noexcept;
    /// Colour and width for where the output goes: a terminal's own width, 100 columns elsewhere; colour on a terminal
    /// unless NO_COLOR is set.
    [[nodiscard]] report::TextOptions text_options() const;
};

void add_display(CLI::App& command, Display& display, const std::vector<std::string>& formats);

/// Standard output is a terminal.
[[nodiscard]] bool prints_on_terminal();

}  // namespace sshkeep::bin
