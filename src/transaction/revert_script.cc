#include "transaction/revert_script.h"

#include <fmt/format.h>

#include "transaction/layout.h"

namespace sshkeep::transaction {
namespace {

constexpr std::string_view preamble = R"(#!/bin/sh
# Undoes transaction {id} of sshkeep. Needs nothing but this directory, a POSIX shell and the usual utilities.
# Safe to run again. By hand:  sh {directory}/revert.sh
set -u
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
LC_ALL=C
export LC_ALL
umask 077
cd /
tx={directory}
reason=${{1:-by hand}}
[ -z "${{2:-}}" ] || sleep "$2"

# One rename decides: whoever moves the marker first, a confirmation or this script, wins.
if [ "$reason" = confirmed ] && [ -e "$tx/confirmed" ]; then
    mv "$tx/confirmed" "$tx/reverting" 2>/dev/null
elif [ -e "$tx/armed" ]; then
    mv "$tx/armed" "$tx/reverting" 2>/dev/null
fi
if [ ! -e "$tx/reverting" ]; then
    echo "sshkeep: nothing to undo in $tx"
    exit 0
fi
failed=0

# put_back PATH NUMBER SECOND-NAME: the original file, with its owner, mode and times.
put_back() {{
    [ -e "$tx/touched-$2" ] || return
    if cmp -s "$1" "$tx/originals/$2"; then
        rm -f "$3"
        return
    fi
    cmp -s "$1" "$tx/planned/$2" || cp -p "$1" "$tx/displaced-$2" 2>/dev/null
    [ -e "$3" ] && mv -f "$3" "$1" && return
    if cp -a "$tx/originals/$2" "$1.sshkeep-undo" 2>/dev/null || cp -p "$tx/originals/$2" "$1.sshkeep-undo"; then
        mv -f "$1.sshkeep-undo" "$1" && return
    fi
    echo "sshkeep: cannot put back $1; its copy is $tx/originals/$2" >&2
    failed=1
}}

# take_away PATH NUMBER: a file that was not there before.
take_away() {{
    [ -e "$tx/touched-$2" ] && [ -e "$1" ] || return
    cmp -s "$1" "$tx/planned/$2" || cp -p "$1" "$tx/displaced-$2" 2>/dev/null
    rm -f "$1" || failed=1
}}

)";

/// The line of the login test, with the account's own rights, in case nobody took it away.
std::string withdraw_probe(const ports::AppendedLine& line) {
    const auto path = quoted(line.path);
    const auto as_account = line.account.uid == 0 ? std::string("sh -c")
                                                  : fmt::format("setpriv --reuid {} --regid {} --clear-groups -- sh -c",
                                                                line.account.uid, line.account.gid);
    std::string script = fmt::format("grep -q -x -F -e \"$2\" -- \"$1\" || exit 0\n");
    if (line.file_made) {
        script += fmt::format("[ \"$(cat -- \"$1\")\" = \"$2\" ] && rm -f -- \"$1\" {}&& exit 0\n",
                              line.directory_made ? "&& rmdir -- \"${1%/*}\" " : "");
    } else {
        script += fmt::format(
            "t=$(tail -c +{} -- \"$1\"); [ \"${{t#\n}}\" = \"$2\" ] && truncate -s {} -- \"$1\" && touch -m -d "
            "@{}.{:09} -- \"$1\" && "
            "exit 0\n",
            line.size + 1, line.size, line.mtime / 1'000'000'000, line.mtime % 1'000'000'000);
    }
    script += "rest=$(grep -v -x -F -e \"$2\" -- \"$1\"; echo .) && printf %s \"${rest%.}\" > \"$1\"\n";
    return fmt::format("[ -L {0} ] || [ ! -f {0} ] || {1} {2} undo {0} {3} 2>/dev/null\n", path, as_account,
                       quoted(script), quoted(line.line));
}

std::string restore_files(const Manifest& manifest) {
    std::string text;
    for (std::size_t i = manifest.changes.size(); i-- > 0;) {
        const auto& change = manifest.changes[i];
        text += change.before ? fmt::format("put_back {} {} {}\n", quoted(change.path), i, quoted(beside(manifest, i)))
                              : fmt::format("take_away {} {}\n", quoted(change.path), i);
    }
    if (manifest.systemd) {
        text += fmt::format("rm -f {} {}\n", quoted(boot_link(manifest)), quoted(boot_unit(manifest)));
    }
    for (auto made = manifest.made_directories.rbegin(); made != manifest.made_directories.rend(); ++made) {
        text += fmt::format("rmdir {} 2>/dev/null\n", quoted(*made));
    }
    const auto directories = directories_of(manifest);
    for (std::size_t i = 0; i < directories.size(); ++i) {
        text += fmt::format("touch -m -r \"$tx/stamp-{0}\" {1} 2>/dev/null\n", i, quoted(directories[i]));
    }
    return text;
}

std::string words(const std::vector<std::string>& argv) {
    std::string text;
    for (const auto& word : argv) {
        text += (text.empty() ? "" : " ") + quoted(word);
    }
    return text;
}

/// Before the service starts at boot there is nothing to tell it.
std::string tell_service(const Service& service) {
    if (service.reload.empty()) {
        return {};
    }
    const auto restart = service.restart.empty() ? std::string() : " || " + words(service.restart);
    return fmt::format("\nif [ \"$reason\" != boot ]; then\n    {}{} || failed=1\nfi\n", words(service.reload),
                       restart);
}

}  // namespace

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        c == '\'' ? out += "'\\''" : out += c;
    }
    return out + "'";
}

std::string render_revert_script(const Manifest& manifest, const std::string& directory) {
    auto text = fmt::format(preamble, fmt::arg("id", manifest.id), fmt::arg("directory", quoted(directory)));
    text += restore_files(manifest);
    if (manifest.probe) {
        text += withdraw_probe(*manifest.probe);
    }
    text += tell_service(manifest.service);
    if (manifest.systemd) {
        // Last of all: where the timer started this script, stopping it ends nothing but the timer.
        text += fmt::format("[ \"$reason\" = boot ] || systemctl stop {} 2>/dev/null\n",
                            quoted(unit_name(manifest) + ".timer"));
    }
    text +=
        "\nif [ \"$failed\" = 0 ]; then\n"
        "    printf '%s\\n' \"$reason\" > \"$tx/why\"\n"
        "    mv \"$tx/reverting\" \"$tx/rolled-back\"\n"
        "fi\n"
        "sync\n"
        "exit \"$failed\"\n";
    return text;
}

}  // namespace sshkeep::transaction
