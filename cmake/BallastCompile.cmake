# How our code is compiled: C++20, warnings as errors, arithmetic that gives the same bits everywhere.
get_filename_component(BALLAST_ROOT ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)   # of the source tree
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

# Everything is compiled with the same flags, so that inline functions agree between libraries.
set(BALLAST_SAME_BITS -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ makes vfmaddsub of what looks like a product of complex numbers, whatever -ffp-contract says (seen with 12.2).
  list(APPEND BALLAST_SAME_BITS -fno-tree-slp-vectorize)
endif()
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:${BALLAST_SAME_BITS}>")
list(JOIN BALLAST_SAME_BITS "," BALLAST_SAME_BITS)   # for nvcc: -Xcompiler=...
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-march=x86-64-v3>)
endif()
if(BALLAST_SANITIZE)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize=address,undefined>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize-recover=undefined>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-omit-frame-pointer>)
  # Instrumented code makes g++ 12 suspect std::regex and std::function of reading unset members.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(ballast_warnings INTERFACE)
target_compile_options(ballast_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wno-sign-conversion;-Wshadow;-Werror>)
# g++ 12 takes assigning a literal to a std::string for an overlapping copy (GCC bug 105329).
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(ballast_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()

# ballast_library(<name> SOURCES ... LINK ...): one room of the house.
function(ballast_library name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_include_directories(${name} PUBLIC ${BALLAST_ROOT} ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(${name} PUBLIC ${ROOM_LINK} PRIVATE ballast_warnings)
endfunction()
