// Records, notes, checkpoints, proofs and requests, as an attacker would write them. The first byte chooses the
// decoder.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "ledger/checkpoint.h"
#include "ledger/encoding.h"
#include "ledger/export.h"
#include "ledger/witness.h"

namespace {

using namespace sshkeep::ledger;

void one_line(const std::string& line) {
    CHECK(line.ends_with('\n') && line.find('\n') == line.size() - 1 && line.find('\r') == std::string::npos);
}

void record(std::string_view bytes) {
    if (const auto decoded = decode_record(bytes)) {
        CHECK(encode_record(*decoded) == bytes);
        CHECK(peek_sequence(bytes) == decoded->sequence);
        one_line(render_json_line(*decoded));
        one_line(render_cef_line(*decoded));
        one_line(render_syslog_line(*decoded));
        one_line(render_timeline_line(*decoded));
    }
}

void note(std::string_view bytes) {
    if (const auto parsed = parse_note(bytes)) {
        CHECK(render_note(*parsed) == bytes);
    }
    if (const auto parsed = parse_signed_checkpoint(bytes)) {
        CHECK(parsed->note.text.starts_with(render_checkpoint(parsed->checkpoint)));
    }
    static_cast<void>(parse_checkpoint_file(bytes).has_value());
}

void key(std::string_view bytes) {
    if (const auto parsed = parse_verifier_key(bytes)) {
        CHECK(render_verifier_key(*parsed) == bytes);
    }
    if (const auto text = parse_base64(bytes)) {
        CHECK(to_base64(*text) == bytes);
    }
    if (const auto time = parse_time(bytes)) {
        CHECK(parse_time(std::string_view(render_time(*time)).substr(0, 19)) == time);
    }
}

void proof(std::string_view bytes) {
    if (const auto parsed = parse_proofs(bytes)) {
        CHECK(render_proofs(*parsed) == bytes);
        CHECK(!verify_proof(parsed->front(), {}));
    }
    if (const auto parsed = parse_witness_request(bytes)) {
        CHECK(render_witness_request(*parsed) == bytes);
        CHECK(!decide_witness({}, {}, *parsed));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const auto bytes = as_text({data + 1, size - 1});
    switch (data[0] % 4) {
        case 0:
            record(bytes);
            break;
        case 1:
            note(bytes);
            break;
        case 2:
            key(bytes);
            break;
        default:
            proof(bytes);
    }
    return 0;
}
