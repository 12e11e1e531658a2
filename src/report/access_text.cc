#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "report/access_parts.h"
#include "report/access_report.h"
#include "report/layout.h"
#include "report/notes.h"

namespace sshkeep::report {
namespace {

constexpr std::size_t most_names = 20;  ///< of accounts without a way in that are named

/// The ways into one account.
struct Ways {
    std::vector<const access::Path*> paths;
    [[nodiscard]] const access::Power& power() const { return paths.front()->power; }
};

/// The lower, the more an administrator wants to know about it.
int rank_of(const access::Power& power) {
    using Kind = access::Power::Kind;
    switch (power.kind) {
        case Kind::root:
            return 0;
        case Kind::all:
            return power.administers() ? 1 : 2;
        case Kind::unknown:
            return 3;
        case Kind::some:
            return 4;
        case Kind::none:
            break;
    }
    return 5;
}

std::vector<Ways> by_account(const std::vector<access::Path>& paths) {
    std::vector<Ways> accounts;
    std::map<std::string_view, std::size_t> known;
    for (const auto& path : paths) {
        const auto [place, added] = known.try_emplace(path.user, accounts.size());
        if (added) {
            accounts.emplace_back();
        }
        accounts[place->second].paths.push_back(&path);
    }
    std::ranges::stable_sort(accounts, {}, [](const Ways& ways) { return rank_of(ways.power()); });
    return accounts;
}

std::string number_of(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

void add_counts(Page& page, const AccessList& list, const std::vector<Ways>& accounts) {
    const auto count = [&](auto predicate) {
        return static_cast<std::size_t>(std::ranges::count_if(list.paths, predicate));
    };
    std::string text =
        number_of(list.paths.size(), "way in", "ways in") + " for " + number_of(accounts.size(), "account", "accounts");
    const auto powerful = static_cast<std::size_t>(
        std::ranges::count_if(accounts, [](const Ways& ways) { return ways.power().administers(); }));
    text += fmt::format(", {} of them with full power", powerful);
    if (const auto uncertain = count([](const auto& path) { return !path.uncertain.empty(); }); uncertain > 0) {
        text += fmt::format("; {} uncertain", uncertain);
    }
    if (const auto ending = count([](const auto& path) { return !path.session.ends.empty(); }); ending > 0) {
        text += fmt::format("; {} to a session that ends at once", ending);
    }
    page.blank();
    page.paragraph(text + ".");
}

void add_without(Page& page, const std::vector<std::string>& names) {
    if (names.empty()) {
        return;
    }
    const std::vector<std::string> shown(
        names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(most_names, names.size())));
    auto text = join(shown, ", ");
    if (names.size() > shown.size()) {
        text += fmt::format(" and {} more", names.size() - shown.size());
    }
    page.blank();
    page.paragraph({{"No way in:", Style::bold}, {text}});
}

void add_account(Page& page, const std::string& user, const access::Power& power) {
    page.blank();
    page.paragraph({{user, Style::bold}, power_of(power)});
}

std::string place_of(const access::Reason& reason) {
    return reason.line == 0 ? reason.path : fmt::format("{}:{}", reason.path, reason.line);
}

std::vector<Span> verdict_of(const access::Visitor& visitor, const access::Decision& decision) {
    const auto who = fmt::format("{} from {}", visitor.user, visitor.address);
    switch (decision.answer) {
        case access::Answer::admitted: {
            auto how = "by " + (decision.methods.empty() ? "no method" : join(decision.methods, ","));
            return {{"admitted:", Style::pass}, {who}, {how}, {decision.key.empty() ? "" : "with " + decision.key}};
        }
        case access::Answer::refused:
            return {{"refused:", Style::high}, {who}};
        case access::Answer::unknown:
            break;
    }
    return {{"cannot be told:", Style::unknown}, {who}};
}

void add_paths(Page& page, std::string_view title, Style style, const std::vector<access::Path>& paths) {
    if (paths.empty()) {
        return;
    }
    page.blank();
    page.paragraph({{fmt::format("{} ({})", title, paths.size()), style}});
    const std::string* user = nullptr;
    for (const auto& path : paths) {
        if (user == nullptr || *user != path.user) {
            add_account(page, path.user, path.power);
        }
        user = &path.user;
        add_path(page, path);
    }
}

}  // namespace

std::string render_access_list(const AccessList& list, const facts::HostFacts& facts, const TextOptions& options) {
    Page page(options.colour, options.width);
    page.paragraph({{"Who can get in to", Style::bold},
                    {facts.hostname.empty() ? "this host" : facts.hostname, Style::bold},
                    {facts.root == "/" ? "" : "(" + facts.root + ")"},
                    {openssh_of(facts), Style::dim}});
    const auto accounts = by_account(list.paths);
    for (const auto& ways : accounts) {
        add_account(page, ways.paths.front()->user, ways.power());
        for (const auto* path : ways.paths) {
            add_path(page, *path);
        }
    }
    add_without(page, list.without);
    add_counts(page, list, accounts);
    for (const auto& note : list.notes) {
        page.paragraph({{"Note:", Style::unknown}, {note}});
    }
    return page.take();
}

std::string render_decision(const access::Visitor& visitor, const access::Decision& decision,
                            const TextOptions& options) {
    Page page(options.colour, options.width);
    page.paragraph(verdict_of(visitor, decision));
    if (decision.session) {
        auto session = session_of(*decision.session);
        if (session.empty()) {
            session.push_back({"a shell"});
        }
        session.insert(session.begin(), {"session:", Style::bold});
        if (!decision.session->restrictions.empty()) {
            session.back().text += ";";
            session.push_back({join(decision.session->restrictions, ", ")});
        }
        page.paragraph(session, 2);
    }
    for (const auto& reason : decision.reasons) {
        page.paragraph({{"-"}, {reason.text}, {reason.path.empty() ? "" : "[" + place_of(reason) + "]", Style::dim}},
                       2);
    }
    return page.take();
}

std::string render_access_difference(const access::Difference& difference, const TextOptions& options) {
    Page page(options.colour, options.width);
    add_paths(page, "Ways in lost", Style::high, difference.lost);
    add_paths(page, "Ways in gained", Style::medium, difference.gained);
    if (!difference.changed.empty()) {
        page.blank();
        page.paragraph({{fmt::format("Ways in changed ({})", difference.changed.size()), Style::bold}});
        for (const auto& [before, after] : difference.changed) {
            add_account(page, before.user, after.power);
            page.paragraph({{"before:", Style::dim}}, 2);
            add_path(page, before);
            page.paragraph({{"after:", Style::dim}}, 2);
            add_path(page, after);
        }
    }
    page.blank();
    page.paragraph(fmt::format("{} lost, {} gained, {} changed, {} kept.", difference.lost.size(),
                               difference.gained.size(), difference.changed.size(), difference.kept.size()));
    return page.take();
}

}  // namespace sshkeep::report
