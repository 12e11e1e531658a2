# cmake -D SOURCE_DIR=catalogue -D OUTPUT=shipped.cc -P EmbedCatalogue.cmake
# Writes catalogue/ as string literals, so that the program needs no data file and reads no half-updated one.

set(code "// Made from catalogue/ by EmbedCatalogue.cmake.\n#include \"rules/catalogue.h\"\n#include \"rules/ratings.h\"\n\nnamespace sshkeep::rules {\n")

function(embed_text path out)
    file(READ "${path}" text)
    if(text MATCHES "\\)sshkeep\"")
        message(FATAL_ERROR "${path} holds the literal's closing delimiter")
    endif()
    set(${out} "R\"sshkeep(${text})sshkeep\"" PARENT_SCOPE)
endfunction()

function(embed_folder folder function)
    file(GLOB files "${SOURCE_DIR}/${folder}/*.toml")
    list(SORT files)
    set(body "")
    foreach(path IN LISTS files)
        get_filename_component(name "${path}" NAME)
        embed_text("${path}" literal)
        string(APPEND body "        {\"${name}\", ${literal}},\n")
    endforeach()
    set(code "${code}\nconst std::vector<CatalogueFile>& ${function}() {\n    static const std::vector<CatalogueFile> files = {\n${body}    };\n    return files;\n}\n" PARENT_SCOPE)
endfunction()

embed_folder(rules shipped_rules)
embed_folder(profiles shipped_profiles)
embed_text("${SOURCE_DIR}/algorithms.toml" literal)
string(APPEND code "\nstd::string_view shipped_algorithms() {\n    return ${literal};\n}\n\n}  // namespace sshkeep::rules\n")
file(WRITE "${OUTPUT}" "${code}")
