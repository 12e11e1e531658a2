#include "rules/checks_support.h"

#include <algorithm>
#include <array>
#include <ranges>

#include <fmt/format.h>

#include "base/escape.h"
#include "base/text.h"
#include "rules/data_checks.h"

namespace sshkeep::rules {

namespace {

constexpr std::size_t named_subjects = 3;
constexpr std::size_t word_limit = 200;  // bytes of a foreign name in a sentence

std::string and_more(std::string joined, std::size_t left) {
    return left == 0 ? joined : fmt::format("{} and {} more", joined, left);
}

std::string owner_and_mode(const facts::HostFacts& facts, const facts::PathInfo& info) {
    if (!info.exists) {
        return "does not exist";
    }
    std::string group = fmt::format("gid {}", info.gid);
    if (facts.group_names) {
        if (const auto found = facts.group_names->find(info.gid); found != facts.group_names->end()) {
            group = found->second;
        }
    }
    return fmt::format("mode {:04o}, owner {}, group {}", info.mode, owner_name(facts, info.uid), group);
}

std::string doubt_of(const sshdconf::Effective& effective, std::initializer_list<std::string_view> options) {
    for (const std::string_view option : options) {
        const sshdconf::Setting* setting = effective.find(option);
        if (setting != nullptr && !setting->uncertain.empty()) {
            return fmt::format("{} {}", option, setting->uncertain);
        }
    }
    return {};
}

std::vector<Location> lines_of(const sshdconf::Config& config, const sshdconf::Effective& effective,
                               std::initializer_list<std::string_view> options) {
    std::vector<Location> where;
    for (const std::string_view option : options) {
        if (const sshdconf::Setting* setting = effective.find(option)) {
            for (Location& place : at(config, *setting)) {
                if (std::ranges::find(where, place) == where.end() && where.size() < Tally::shown) {
                    where.push_back(std::move(place));
                }
            }
        }
    }
    if (where.empty() && !config.files.empty()) {
        where.push_back({.path = config.files[0].path});
    }
    return where;
}

}  // namespace

Results passed(std::string detail) { return {CheckResult{.verdict = Verdict::pass, .detail = std::move(detail)}}; }

Results not_known(std::string reason) {
    return {CheckResult{.verdict = Verdict::unknown, .detail = std::move(reason)}};
}

Results not_known(const Error& error) { return not_known(shown(error.message)); }

std::string Tally::counted(std::string_view noun) const { return rules::counted(count_, noun); }

std::string Tally::subjects() const { return and_more(join(named_, ", "), distinct_ - named_.size()); }

void Tally::mention(std::string_view subject) {
    if (subject.empty() || (distinct_ > 0 && subject == last_)) {
        return;
    }
    last_ = subject;
    ++distinct_;
    if (named_.size() < named_subjects) {
        named_.push_back(rules::shown(subject));
    }
}

void Doubts::add(std::string_view what, const Error& error) {
    if (count_++ == 0) {
        const bool names_it = error.message.starts_with(what);
        first_ = names_it ? rules::shown(error.message)
                          : fmt::format("{}: {}", rules::shown(what), rules::shown(error.message));
    }
}

std::string Doubts::text() const {
    return count_ == 1 ? first_ : fmt::format("{} things are not known, the first: {}", count_, first_);
}

Results conclude(Tally tally, const Doubts& doubts, CheckResult failure, std::string passed_detail) {
    if (!tally.empty()) {
        failure.verdict = Verdict::fail;
        if (tally.count() > Tally::shown) {
            failure.detail += fmt::format(" The first {} of {} are shown.", Tally::shown, tally.count());
        }
        failure.where = tally.take_places();
        return {std::move(failure)};
    }
    return doubts.empty() ? passed(std::move(passed_detail)) : not_known(doubts.text());
}

std::string counted(std::size_t count, std::string_view noun) {
    if (count == 1) {
        return fmt::format("1 {}", noun);
    }
    if (noun.ends_with('y') && noun != "key") {
        return fmt::format("{} {}ies", count, noun.substr(0, noun.size() - 1));
    }
    return fmt::format("{} {}s", count, noun);
}

std::string shell_quoted(std::string_view text) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@%:,=";
    if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) {
        return std::string(text);
    }
    // $'...' (POSIX.1-2024, bash, dash 0.5.13) has a printable form for every byte; '...' is for the rest.
    const bool printable = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
    std::string quoted = printable ? "'" : "$'";
    for (const char c : text) {
        if (printable) {
            quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
        } else if (c == '\'' || c == '\\' || c < ' ' || c > '~') {
            quoted += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
        } else {
            quoted += c;
        }
    }
    return quoted + "'";
}

std::string shown(std::string_view text) { return escape_for_terminal(text, word_limit); }

std::string listed(const std::vector<std::string>& names, std::size_t limit) {
    std::vector<std::string> first;
    for (const std::string& name : names | std::views::take(limit)) {
        first.push_back(shown(name));
    }
    const std::size_t left = names.size() - first.size();
    return and_more(join(first, ", "), left);
}

Location at(const sshdconf::Config& config, const sshdconf::Origin& origin) {
    if (origin.file >= config.files.size()) {
        return {};
    }
    const sshdconf::File& file = config.files[origin.file];
    Location place{.path = file.path, .line = origin.line};
    if (origin.line > 0 && origin.line <= file.lines.size()) {
        place.text = Untrusted(std::string(trim(file.text(origin.line - 1))));
    }
    return place;
}

Location at(const facts::HostFacts& facts, const facts::PathInfo& info) {
    return {.path = info.path, .text = Untrusted(owner_and_mode(facts, info))};
}

std::vector<Location> at(const sshdconf::Config& config, const sshdconf::Setting& setting) {
    if (setting.is_default()) {
        if (config.files.empty()) {
            return {};
        }
        const std::string_view value = setting.value().empty() ? "unset" : setting.value();
        return {{.path = config.files[0].path, .text = Untrusted(fmt::format("{} {} (default)", setting.name, value))}};
    }
    std::vector<Location> where;
    for (const sshdconf::Origin& origin : setting.origins) {
        where.push_back(at(config, origin));
    }
    return where;
}

std::string owner_name(const facts::HostFacts& facts, std::uint32_t uid) {
    if (facts.accounts) {
        const auto found = std::ranges::find(*facts.accounts, uid, &facts::Account::uid);
        if (found != facts.accounts->end()) {
            return shown(found->name);
        }
    }
    return uid == 0 ? "root" : fmt::format("uid {}", uid);
}

std::vector<std::string_view> words_of(const sshdconf::Effective& effective, std::string_view option) {
    std::vector<std::string_view> words;
    if (const sshdconf::Setting* setting = effective.find(option)) {
        for (const std::string& value : setting->values) {
            std::ranges::copy(split_words(value), std::back_inserter(words));
        }
    }
    return words;
}

Results judge_contexts(const CheckInput& input, std::initializer_list<std::string_view> options,
                       const ContextJudge& judge, std::string passed_detail) {
    if (!input.facts.config) {
        return not_known(input.facts.config.error());
    }
    if (input.contexts.empty()) {
        return not_known("no connection context could be evaluated");
    }
    Results results;
    std::vector<const facts::Context*> judged;
    for (const facts::Context& context : input.contexts) {
        std::optional<CheckResult> found = judge(context);
        if (std::string doubt = doubt_of(*context.effective, options); !doubt.empty()) {
            found = CheckResult{.verdict = Verdict::unknown, .detail = shown(doubt)};
        } else if (!found) {
            found = CheckResult{.verdict = Verdict::pass, .detail = passed_detail};
        } else if (found->verdict == Verdict::pass) {
            found->verdict = Verdict::fail;
        }
        if (found->where.empty() && found->verdict != Verdict::pass) {
            found->where = lines_of(*input.facts.config, *context.effective, options);
        }
        judged.push_back(&context);
        results.push_back(std::move(*found));
    }
    return merge_results(std::move(results), judged, input.contexts.size());
}

Accounts::Accounts(const CheckInput& input) {
    if (input.facts.accounts) {
        entries_.reserve(input.facts.accounts->size());
        for (const facts::Account& account : *input.facts.accounts) {
            entries_.try_emplace(account.name, Entry{&account, nullptr});
        }
    }
    for (const facts::Context& context : input.contexts) {
        for (const std::string& name : context.accounts) {
            Entry& entry = entries_[name];
            if (entry.context == nullptr) {
                entry.context = &context;
            }
        }
    }
}

const facts::Account* Accounts::find(std::string_view name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : found->second.account;
}

const facts::Context* Accounts::context_of(std::string_view name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : found->second.context;
}

const sshdconf::Effective* Accounts::effective(std::string_view name) const {
    const facts::Context* context = context_of(name);
    return context == nullptr ? nullptr : context->effective;
}

const sshdconf::Effective* Accounts::effective(std::string_view name, Doubts& doubts) const {
    const sshdconf::Effective* known = effective(name);
    if (known == nullptr) {
        doubts.add(name, Error{ErrorCode::unsupported, "its settings are not known"});
    }
    return known;
}

KnownNames::KnownNames(const facts::HostFacts& facts) {
    for (const facts::Account& account : *facts.accounts) {
        users.insert(account.name);
    }
    for (const auto& [gid, name] : *facts.group_names) {
        groups.insert(name);
    }
}

bool password_alone_suffices(const sshdconf::Effective& effective) {
    const bool password = is_yes(effective, "passwordauthentication");
    const bool interactive = is_yes(effective, "kbdinteractiveauthentication") && is_yes(effective, "usepam");
    if (!password && !interactive) {
        return false;
    }
    const std::vector<std::string_view> lists = words_of(effective, "authenticationmethods");
    if (lists.empty() || (lists.size() == 1 && lists[0] == "any")) {
        return true;
    }
    return std::ranges::any_of(lists, [&](std::string_view list) {
        return std::ranges::all_of(split(list, ','), [&](std::string_view method) {
            const std::string_view name = method.substr(0, method.find(':'));
            return (password && name == "password") || (interactive && name == "keyboard-interactive");
        });
    });
}

}  // namespace sshkeep::rules
