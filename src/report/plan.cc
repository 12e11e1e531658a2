#include "report/plan.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>
#include <string_view>
#include <utility>

#include "base/escape.h"
#include "base/text.h"
#include "report/json_text.h"
#include "report/layout.h"

namespace sshkeep::report {
namespace {

constexpr std::size_t most_paths = 12;  ///< of one kind that are shown one by one

std::string_view name_of(access::Power::Kind kind) {
    constexpr std::array<std::string_view, 5> names = {"none", "some", "all", "root", "unknown"};
    return names.at(static_cast<std::size_t>(kind));
}

std::string_view power_words(access::Power::Kind kind) {
    constexpr std::array<std::string_view, 5> words = {"", "some sudo", "all sudo", "root", "sudo unknown"};
    return words.at(static_cast<std::size_t>(kind));
}

void add_path(Page& page, const Span& tag, const access::Path& path) {
    std::vector<Span> spans{{path.user, Style::bold}, {join(path.methods, " or ")}};
    const auto add = [&](const std::string& text, Style style = Style::plain) {
        if (!text.empty()) {
            spans.push_back({text, style});
        }
    };
    add((path.authority && !path.key.empty() ? "CA " : "") + path.key);
    add(path.from.empty() ? std::string() : "from " + join(path.from, ","));
    add(std::string(power_words(path.power.kind)), Style::medium);
    add(path.session.command.empty() ? std::string() : "runs " + path.session.command);
    add(path.session.ends.empty() ? std::string() : "session ends: " + path.session.ends);
    add(path.uncertain.empty() ? std::string() : "uncertain: " + path.uncertain, Style::unknown);
    add(path.via, Style::dim);
    page.entry(tag, 4, spans);
}

void add_paths(Page& page, std::string_view what, const Span& tag, const std::vector<access::Path>& paths) {
    if (paths.empty()) {
        return;
    }
    page.paragraph(fmt::format("{} {}:", paths.size(), what), 2);
    for (std::size_t i = 0; i < paths.size() && i < most_paths; ++i) {
        add_path(page, tag, paths[i]);
    }
    if (paths.size() > most_paths) {
        page.paragraph(fmt::format("and {} more", paths.size() - most_paths), 4);
    }
}

void add_access(Page& page, const access::Difference& access) {
    page.blank();
    page.paragraph({{"Ways in", Style::bold}});
    add_paths(page, "lost", {"  -", Style::critical}, access.lost);
    add_paths(page, "gained", {"  +", Style::high}, access.gained);
    if (!access.changed.empty()) {
        page.paragraph(fmt::format("{} changed:", access.changed.size()), 2);
    }
    for (std::size_t i = 0; i < access.changed.size() && i < most_paths; ++i) {
        add_path(page, {"  -"}, access.changed[i].before);
        add_path(page, {"  +"}, access.changed[i].after);
    }
    if (access.changed.size() > most_paths) {
        page.paragraph(fmt::format("and {} more", access.changed.size() - most_paths), 4);
    }
    page.paragraph(fmt::format("{} kept", access.kept.size()), 2);
}

void add_wanted(Page& page, const plan::Plan& plan) {
    page.blank();
    page.paragraph({{"Changes", Style::bold}});
    for (const plan::Wanted& wanted : plan.wanted) {
        for (const std::string& line : wanted.lines) {
            const bool everywhere = wanted.context.empty() || wanted.context.starts_with("every connection");
            const std::string why = wanted.rules.empty() ? "asked for by name" : join(wanted.rules, ", ");
            const std::string where = everywhere ? std::string() : "; " + wanted.context;
            const std::vector<Span> spans{{line}, {"(" + why + where + ")", Style::dim}};
            page.paragraph(spans, 2);
        }
    }
}

void add_diff(Page& page, const plan::Plan& plan) {
    page.blank();
    std::string diff = unified_diff(plan.changes);
    if (diff.ends_with('\n')) {
        diff.pop_back();
    }
    for (const std::string_view line : split(diff, '\n')) {
        const Style style = line.starts_with("---") || line.starts_with("+++") ? Style::bold
                            : line.starts_with('+')                            ? Style::pass
                            : line.starts_with('-')                            ? Style::critical
                            : line.starts_with('@')                            ? Style::dim
                                                                               : Style::plain;
        page.line({std::string(line), style}, 2);
    }
}

/// What has one reason, on one line.
void add_left_out(Page& page, const plan::Plan& plan) {
    std::vector<std::pair<std::string, std::vector<std::string>>> by_reason;
    for (const plan::LeftOut& one : plan.left_out) {
        auto known = by_reason.begin();
        while (known != by_reason.end() && known->first != one.why) {
            ++known;
        }
        if (known == by_reason.end()) {
            by_reason.push_back({one.why, {}});
            known = by_reason.end() - 1;
        }
        known->second.push_back(one.what);
    }
    if (!by_reason.empty()) {
        page.blank();
        page.paragraph({{"Left out", Style::bold}});
    }
    for (const auto& [why, what] : by_reason) {
        page.paragraph({{join(what, ", ") + ":"}, {why, Style::dim}}, 2);
    }
}

Json json_of(const access::Path& path) {
    Json json;
    json["user"] = path.user;
    json["methods"] = path.methods;
    json["key"] = path.key.empty() ? Json(nullptr) : Json(path.key);
    json["from"] = path.from;
    json["forced_command"] = path.session.command.empty() ? Json(nullptr) : Json(path.session.command);
    json["restrictions"] = path.session.restrictions;
    json["sudo"] = name_of(path.power.kind);
    json["via"] = path.via;
    json["uncertain"] = path.uncertain.empty() ? Json(nullptr) : Json(path.uncertain);
    return json;
}

Json json_of(const std::vector<access::Path>& paths) {
    Json list = Json::array();
    for (const access::Path& path : paths) {
        list.push_back(json_of(path));
    }
    return list;
}

Json json_of(const access::Difference& access) {
    Json changed = Json::array();
    for (const auto& one : access.changed) {
        changed.push_back({{"before", json_of(one.before)}, {"after", json_of(one.after)}});
    }
    return {{"lost", json_of(access.lost)},
            {"gained", json_of(access.gained)},
            {"changed", std::move(changed)},
            {"kept", access.kept.size()}};
}

std::string sha256_of(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    std::string hex;
    for (const unsigned char byte : digest) {
        hex += fmt::format("{:02x}", byte);
    }
    return hex;
}

Json changes_json(const plan::Plan& plan) {
    Json changes = Json::array();
    for (const plan::FileChange& change : plan.changes) {
        changes.push_back({{"path", change.path},
                           {"before_sha256", change.before ? Json(sha256_of(*change.before)) : Json(nullptr)},
                           {"after_sha256", sha256_of(change.after)},
                           {"new", !change.before.has_value()}});
    }
    return changes;
}

Json wanted_json(const plan::Plan& plan) {
    Json wanted = Json::array();
    for (const plan::Wanted& one : plan.wanted) {
        const std::string context = one.context.empty() ? "every connection" : one.context;
        wanted.push_back({{"option", one.option}, {"lines", one.lines}, {"rules", one.rules}, {"context", context}});
    }
    return wanted;
}

}  // namespace

std::string render_plan_text(const PlanView& view, const TextOptions& options) {
    Page page(options.colour, options.width);
    for (const access::Danger& danger : view.dangers) {
        page.entry({"Refused", Style::critical}, 9,
                   {{danger.account.empty() ? "" : danger.account + ":", Style::bold}, {danger.text}});
    }
    if (view.plan.empty()) {
        page.blank();
        page.paragraph("Nothing to change.");
    } else {
        add_wanted(page, view.plan);
        add_diff(page, view.plan);
    }
    if (view.access != nullptr) {
        add_access(page, *view.access);
    }
    add_left_out(page, view.plan);
    if (!view.plan.notes.empty()) {
        page.blank();
    }
    for (const std::string& note : view.plan.notes) {
        page.entry({"Note", Style::unknown}, 9, {{note}});
    }
    if (!view.plan.empty() && !view.reload.empty()) {
        page.blank();
        page.paragraph({{"Reloaded:"}, {view.reload, Style::bold}});
    }
    return page.take();
}

std::string render_plan_json(const PlanView& view) {
    Json json;
    json["schema"] = "sshkeep.harden-plan/1";
    json["transaction"] = view.transaction ? Json(*view.transaction) : Json(nullptr);
    json["wanted"] = wanted_json(view.plan);
    json["changes"] = changes_json(view.plan);
    json["diff"] = unified_diff(view.plan.changes);
    json["access"] = view.access == nullptr ? Json(nullptr) : json_of(*view.access);
    json["dangers"] = Json::array();
    for (const access::Danger& danger : view.dangers) {
        json["dangers"].push_back({{"account", danger.account}, {"text", danger.text}});
    }
    json["left_out"] = Json::array();
    for (const plan::LeftOut& one : view.plan.left_out) {
        json["left_out"].push_back({{"what", one.what}, {"why", one.why}});
    }
    json["reload"] = view.reload.empty() ? Json(nullptr) : Json(view.reload);
    json["notes"] = view.plan.notes;
    return dump(json);
}

}  // namespace sshkeep::report
