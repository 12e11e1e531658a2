#include <algorithm>

#include "base/text.h"
#include "generator.h"
#include "options.h"
#include "random.h"

namespace sshkeep::differential {
namespace {

const Option& any_option(Random& random, const Dialect& dialect) {
    for (;;) {
        const Option& option = random.pick(all_options());
        if (option.known_to(dialect)) {
            return option;
        }
    }
}

/// A line that is wrong more often than not, whatever stands around it.
std::string doubtful_line(Random& random, const Dialect& dialect) {
    switch (random.below(5)) {
        case 0:
            return random.pick({"NoSuchOption yes",
                                "Prot 22",
                                "PermitRootLogin",
                                "Match",
                                "Match all User bob",
                                "Match User",
                                "Match Address 192.0.2.1/24",
                                "Match Address 300.1.1.1",
                                "Match Address 192.0.2.0/33",
                                "Match LocalPort x",
                                "Match Colour red",
                                "Match LocalPort 22,23",
                                "Include",
                                "=",
                                "\"Port",
                                "Port = = 22",
                                "Include \"\"",
                                "RDomain %D",
                                "ListenAddress 192.0.2.1 rdomain x",
                                "\f"});
        case 1: {
            Making making{random, dialect, "any", {}, false};
            // An option that no Match block may hold, put inside of one.
            const Option& option = any_option(random, dialect);
            const Words words = option.values(making);
            return "Match User *\n" + std::string(option.name) + " " + words[0];
        }
        default:
            return std::string(any_option(random, dialect).name) + " " +
                   random.pick({"-1",         "maybe",      "true",       "99999999999999999999",
                                "1h1x",       "''",         "\"\"",       "yes no",
                                "none none",  "any none",   "!*",         "+",
                                "-",          "^",          "+nosuch",    "a,,b",
                                "0x10",       "1:2:3:4",    "/",          "no#thing",
                                "yes # fine", "=",          "= =",        "\"open",
                                "'open",      "\\",         "a=b",        "*",
                                "none",       "any",        "yes",        "1",
                                "a:b",        "2147483648", "4294967296", "1w1w1w1w",
                                "3550w",      "[::1]",      "default x",  "#"});
    }
}

void mutate_line(Random& random, std::string& line) {
    const bool ended = line.ends_with('\n');
    std::string text = ended ? line.substr(0, line.size() - 1) : line;
    switch (random.below(6)) {
        case 0:
            text += random.pick({" extra", " \"", " '", "\"", "'", " \"\"", ",", "x", "\\", " \\"});
            break;
        case 1:
            text.insert(random.below(text.size() + 1),
                        random.pick({"\"", "'", "=", " ", "#", ",", "!", "*", "\\", "\x01", "\xff"}));
            break;
        case 2:
            text.resize(random.below(text.size() + 1));
            break;
        case 3:
            if (!text.empty()) {
                text.erase(random.below(text.size()), 1);
            }
            break;
        case 4:
            text = text.substr(0, text.find_last_of(" \t=") == std::string::npos ? 0 : text.find_last_of(" \t="));
            break;
        default:
            text += text.empty() ? "" : text.substr(text.size() / 2);
            break;
    }
    line = text + (ended ? "\n" : "");
}

}  // namespace

Case make_doubtful_case(const Dialect& dialect, std::uint64_t seed, std::uint64_t number) {
    Case made = make_case(dialect, seed, number);
    Random random(~seed, number);
    CaseFile& file = random.percent(80) ? made.files[0] : made.files[random.below(made.files.size())];
    if (file.lines.empty() || random.percent(50)) {
        if (!file.lines.empty() && !file.lines.back().ends_with('\n')) {
            file.lines.back() += "\n";
        }
        const std::size_t place = random.below(file.lines.size() + 1);
        file.lines.insert(file.lines.begin() + static_cast<std::ptrdiff_t>(place),
                          doubtful_line(random, dialect) + "\n");
    } else {
        mutate_line(random, file.lines[random.below(file.lines.size())]);
    }
    return made;
}

}  // namespace sshkeep::differential
