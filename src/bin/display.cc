#include "bin/display.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace sshkeep::bin {
namespace {

constexpr unsigned width_elsewhere = 100;
constexpr unsigned widest = 140;  ///< longer lines of prose are hard to read

unsigned width_of(bool terminal) {
    winsize size{};
    if (!terminal || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return width_elsewhere;
    }
    return std::min<unsigned>(size.ws_col, widest);
}

bool terminal_has_colour() {
    const auto* no_colour = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): one thread
    const auto* terminal = std::getenv("TERM");       // NOLINT(concurrency-mt-unsafe)
    return (no_colour == nullptr || *no_colour == '\0') && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace

bool prints_on_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

Format Display::kind() const noexcept {
    return format == "json" ? Format::json : format == "sarif" ? Format::sarif : Format::text;
}

report::TextOptions Display::text_options() const {
    const bool terminal = output.empty() && prints_on_terminal();
    report::TextOptions options;
    options.colour = !no_colour && (colour == "always" || (colour == "auto" && terminal && terminal_has_colour()));
    options.width = width_of(terminal);
    return options;
}

void add_display(CLI::App& command, Display& display, const std::vector<std::string>& formats) {
    command.add_option("--format", display.format, "How to print it")
        ->check(CLI::IsMember(formats))
        ->option_text(CLI::detail::join(formats, "|"));
    command.add_option("--color", display.colour, "Colour: on a terminal, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->option_text("auto|always|never");
    command.add_flag("--no-color", display.no_colour, "The same as --color never");
    command.add_option("-o,--output", display.output, "Write to FILE instead of standard output")->option_text("FILE");
}

}  // namespace sshkeep::bin
