#include "keyfmt/key_options.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

#include "base/text.h"
#include "keyfmt/option_values.h"

namespace sshkeep::keyfmt {
namespace {

constexpr std::size_t max_environment = 1025;  // sshd's own bounds
constexpr std::size_t max_permits = 4097;

std::unexpected<Error> invalid(std::string message) { return fail(ErrorCode::invalid, std::move(message)); }

bool starts_with_word(std::string_view text, std::string_view word) noexcept {
    return iequals(text.substr(0, word.size()), word);
}

/// One pass over the option word. What follows an option must be a comma or the end; everything else is unknown to
/// sshd, and then it ignores the whole line.
class OptionParser {
public:
    OptionParser(std::string_view text, std::int32_t utc_offset) noexcept : rest_(text), utc_offset_(utc_offset) {}

    Result<KeyOptions> parse() {
        while (!rest_.empty()) {
            if (!take_flag()) {
                TRY(take_valued());
            }
            if (rest_.empty()) {
                break;
            }
            if (!rest_.starts_with(',')) {
                return invalid("unknown option");
            }
            rest_.remove_prefix(1);
        }
        if (!options_.principals.empty() && !options_.cert_authority) {
            return invalid("principals without cert-authority: sshd refuses the key");
        }
        return std::move(options_);
    }

private:
    struct Flag {
        std::string_view name;
        bool KeyOptions::* member;
    };
    struct Valued {
        std::string_view name;
        Result<void> (OptionParser::*apply)(std::string&& value);
    };

    bool take_word(std::string_view word) {
        if (!starts_with_word(rest_, word)) {
            return false;
        }
        rest_.remove_prefix(word.size());
        return true;
    }

    bool take_flag() {
        if (take_word("restrict")) {
            options_.restrict_all = true;
            options_.port_forwarding = options_.agent_forwarding = options_.x11_forwarding = false;
            options_.pty = options_.user_rc = false;
            return options_.any = true;
        }
        if (take_word("cert-authority")) {
            return options_.cert_authority = true;
        }
        static constexpr auto flags = std::to_array<Flag>({
            {"port-forwarding", &KeyOptions::port_forwarding},
            {"agent-forwarding", &KeyOptions::agent_forwarding},
            {"x11-forwarding", &KeyOptions::x11_forwarding},
            {"touch-required", &KeyOptions::touch_required},
            {"verify-required", &KeyOptions::verify_required},
            {"pty", &KeyOptions::pty},
            {"user-rc", &KeyOptions::user_rc},
        });
        const bool negated = starts_with_word(rest_, "no-");
        const auto name = rest_.substr(negated ? 3 : 0);
        for (const auto& flag : flags) {
            if (starts_with_word(name, flag.name)) {
                rest_ = name.substr(flag.name.size());
                options_.*flag.member = !negated;
                return options_.any = true;
            }
        }
        return false;
    }

    /// An option with a value, if one stands here; if none does, parse() finds that what stands here is unknown.
    Result<void> take_valued() {
        static constexpr auto valued = std::to_array<Valued>({
            {"command=", &OptionParser::set_command},
            {"principals=", &OptionParser::set_principals},
            {"from=", &OptionParser::set_from},
            {"expiry-time=", &OptionParser::set_expiry_time},
            {"environment=", &OptionParser::add_environment},
            {"permitopen=", &OptionParser::add_permit_open},
            {"permitlisten=", &OptionParser::add_permit_listen},
            {"tunnel=", &OptionParser::set_tunnel},
        });
        for (const auto& option : valued) {
            if (take_word(option.name)) {
                options_.any = true;
                auto value = take_quoted();
                if (!value) {
                    return std::unexpected(std::move(value).error().in(option.name));
                }
                return (this->*option.apply)(*std::move(value));
            }
        }
        return {};
    }

    /// A backslash escapes nothing but a double quote.
    Result<std::string> take_quoted() {
        if (!rest_.starts_with('"')) {
            return invalid("the value is not in double quotes");
        }
        std::string value;
        for (std::size_t start = 1;;) {
            const auto quote = rest_.find('"', start);
            if (quote == std::string_view::npos) {
                break;
            }
            value.append(rest_.substr(start, quote - start));
            start = quote + 1;
            if (rest_[quote - 1] != '\\') {
                rest_.remove_prefix(start);
                return value;
            }
            value.back() = '"';
        }
        return invalid("the closing quote is missing");
    }

    Result<void> set_once(std::optional<Untrusted>& option, std::string value, std::string_view name) {
        if (option) {
            return invalid(std::string(name) + " is given twice");
        }
        option.emplace(std::move(value));
        return {};
    }

    Result<void> set_command(std::string&& value) { return set_once(options_.command, std::move(value), "command"); }

    Result<void> set_from(std::string&& value) {
        const auto fault = check_from_list(value);
        TRY(set_once(options_.from, std::move(value), "from"));
        switch (fault) {
            case FromFault::invalid:
                return invalid("from= holds an invalid entry: sshd refuses every address");
            case FromFault::negative:
                return invalid("from= holds only negated entries: it matches no address");
            case FromFault::none:
                break;
        }
        return {};
    }

    /// sshd compares the names up to the first empty one.
    Result<void> set_principals(std::string&& value) {
        if (!options_.principals.empty()) {
            return invalid("principals is given twice");
        }
        for (std::string_view rest = value; !rest.empty() && !rest.starts_with(',');) {
            const auto end = std::min(rest.find(','), rest.size());
            options_.principals.emplace_back(std::string(rest.substr(0, end)));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        if (options_.principals.empty()) {
            return invalid("principals names nobody");
        }
        return {};
    }

    Result<void> set_expiry_time(std::string&& value) {
        const auto time = parse_expiry_time(value, utc_offset_);
        if (!time) {
            return invalid("invalid expiry-time");
        }
        if (!options_.expiry_time || *time < *options_.expiry_time) {
            options_.expiry_time = time;
        }
        return {};
    }

    /// The first of several values for one name counts.
    Result<void> add_environment(std::string&& value) {
        if (options_.environment.size() >= max_environment) {
            return invalid("more than 1025 environment options");
        }
        const auto name = std::string_view(value).substr(0, value.find('='));
        if (name.size() == value.size() || !is_environment_name(name)) {
            return invalid("invalid environment");
        }
        if (environment_names_.emplace(name).second) {
            options_.environment.emplace_back(std::move(value));
        }
        return {};
    }

    static Result<void> add_permit(std::vector<Untrusted>& permits, std::string value, std::string_view name) {
        if (permits.size() >= max_permits) {
            return invalid("more than 4097 options " + std::string(name));
        }
        switch (check_permit(value)) {
            case PermitFault::host:
                return invalid("invalid host in " + std::string(name));
            case PermitFault::port:
                return invalid("invalid port in " + std::string(name));
            case PermitFault::none:
                break;
        }
        permits.emplace_back(std::move(value));
        return {};
    }

    Result<void> add_permit_open(std::string&& value) {
        return add_permit(options_.permit_open, std::move(value), "permitopen");
    }

    /// A port alone stands for every host.
    Result<void> add_permit_listen(std::string&& value) {
        if (value.find(':') == std::string::npos) {
            value.insert(0, "*:");
        }
        return add_permit(options_.permit_listen, std::move(value), "permitlisten");
    }

    Result<void> set_tunnel(std::string&& value) {
        options_.tunnel = parse_tunnel(value);
        if (!options_.tunnel) {
            return invalid("invalid tunnel device");
        }
        return {};
    }

    std::string_view rest_;
    std::int32_t utc_offset_;
    KeyOptions options_;
    std::set<std::string, std::less<>> environment_names_;
};

}  // namespace

std::size_t length_of_options(std::string_view text) noexcept {
    bool quoted = false;
    std::size_t at = 0;
    for (; at < text.size() && (quoted || (text[at] != ' ' && text[at] != '\t')); ++at) {
        if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '"') {
            ++at;
        } else if (text[at] == '"') {
            quoted = !quoted;
        }
    }
    return quoted ? std::string_view::npos : at;
}

Result<KeyOptions> parse_key_options(std::string_view text, std::int32_t utc_offset) {
    return OptionParser(text, utc_offset).parse();
}

}  // namespace sshkeep::keyfmt
