# What starts whole programs, and what runs nothing of leat: scripts, the README, an installed leat. Only where
# nothing is sanitized.
add_test(NAME deploy COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/deploy_test.sh)
add_test(NAME deploy.local_cluster COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/deploy/local_cluster.sh)
set_tests_properties(deploy deploy.local_cluster PROPERTIES TIMEOUT 300)
add_test(NAME scripts COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/scripts_test.sh)
add_test(NAME names.the_vocabulary_has_every_public_noun
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/names/vocabulary_test.py ${PROJECT_SOURCE_DIR})
add_test(NAME mutants COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/mutants_test.sh)
set_tests_properties(scripts PROPERTIES SKIP_RETURN_CODE 77)
add_test(NAME page.is_what_its_sources_make COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/page/rebuilt_test.sh)
set_tests_properties(page.is_what_its_sources_make PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77 LABELS "files: framework/page tests/page")

if(LEAT_EXAMPLES)
  # Holds a program in the moment of a commit: programs/commit_moments.sh.
  add_library(leat_hold MODULE programs/hold.cpp)
  target_link_libraries(leat_hold PRIVATE ${CMAKE_DL_LIBS})
  set_target_properties(leat_hold PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})

  # Whose stage never returns, and whose source never ends: programs/jobs.sh.
  add_executable(leat_spin programs/spin.cpp)
  target_link_libraries(leat_spin PRIVATE leat::leat leat::gateway)
  leat_quickly(leat_spin)

  leat_scripts(program_scripts programs expect)
  foreach(script IN LISTS program_scripts)
    add_test(NAME programs.${script} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/programs/${script}.sh
             ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
    set_tests_properties(programs.${script} PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77
                         LABELS "programs: regression hello own_actor leat")
  endforeach()
  set_tests_properties(programs.streaming_csv PROPERTIES LABELS "programs: streaming_csv leat")
  set_tests_properties(programs.jobs PROPERTIES LABELS "programs: leat_spin")
  set_tests_properties(programs.commit_moments PROPERTIES LABELS "programs: leat leat_hold")
  add_test(NAME oracles COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/oracles/oracles.py ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
  set_tests_properties(oracles PROPERTIES TIMEOUT 900 LABELS "programs: leat;long")
  add_test(NAME deploy.files COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/deploy/files.sh
           ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
  set(service_tests a_job_runs_and_its_results_are_there graphs_of_a_folder_are_jobs what_cannot_be_a_job_is_one_sentence
      cancelled_in_every_stage_nothing_is_left jobs_outlive_a_service_that_is_killed a_crash_fails_that_job_alone
      a_running_job_is_asked_as_on_the_command_line events_are_told_as_they_happen_and_again
      a_job_is_started_once_whatever_is_changed_meanwhile a_cancel_outlives_the_service_and_numbers_are_given_once
      one_job_is_watched_whole what_a_job_has_drawn_is_kept_however_it_ends only_one_service_has_a_folder)
  set(requests_tests nobody_does_what_he_may_not a_lent_link_reads_and_a_session_ends
      rows_and_series_of_a_dataset_are_read quotas_of_a_token_are_held old_results_and_the_beginning_of_logs_go
      the_jobs_are_shown_to_all_who_watch answers_are_compressed_known_again_and_limited
      a_standing_graph_answers_and_drops_who_has_left)
  set(uploads_tests an_upload_goes_on_where_it_ended
      a_job_whose_upload_goes_fails_with_a_sentence a_route_of_ones_own_is_given_files_by_the_names_that_clients_say)
  set(commands_tests a_job_is_looked_at_and_ended_through_its_service what_is_no_service_or_no_token_is_one_sentence
      odd_answers_are_one_sentence a_file_is_brought_though_the_service_is_killed_meanwhile
      who_waits_for_an_end_is_answered_as_the_service_ends a_file_is_brought_and_a_job_reads_it a_service_is_asked_over_tls)
  set(tus_client_tests a_public_client_that_is_killed_half_way_goes_on a_service_that_is_killed_half_way_is_found_again)
  set(page_routes_tests a_panel_is_named_and_open the_page_is_open_and_keeps_to_its_origin)
  set(cluster_tests what_cannot_run_there_is_one_sentence jobs_wait_for_the_cluster_and_are_watched_and_ended_there
      two_run_side_by_side_where_the_memory_is_known a_service_that_is_killed_finds_its_job_on_the_cluster_again)
  set(streaming_tests a_file_becomes_a_model_a_score_and_predictions what_training_will_take_is_said
      the_first_rows_of_a_file_are_shown)
  set(restored_tests a_job_whose_process_is_killed_goes_on_by_one_call a_job_that_was_cancelled_goes_on_and_one_that_failed_again_too
      a_job_whose_upload_is_still_coming_goes_on what_a_job_has_used_and_keeps_is_counted_on_and_on
      one_that_is_forgotten_while_it_is_restored_does_not_come_back one_that_is_killed_after_all_is_visible_is_done
      what_cannot_be_restored_is_one_sentence)
  foreach(file page_routes service requests uploads commands cluster streaming tus_client restored)
    foreach(name IN LISTS ${file}_tests)
      add_test(NAME gateway.${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/gateway/${file}_test.py ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${name})
      set_tests_properties(gateway.${name} PROPERTIES TIMEOUT 300 LABELS "programs: service leat_spin streaming_csv" SKIP_RETURN_CODE 77)
      if(file STREQUAL tus_client)
        set_tests_properties(gateway.${name} PROPERTIES RESOURCE_LOCK npm)  # which one of them fetches
      endif()
    endforeach()
  endforeach()
  # The page in Debian's browser, where that and npm are there: a browser a file.
  foreach(file jobs faults reading data system)
    add_test(NAME page.${file} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/page/browser_test.sh ${file}_test ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}
             ${CMAKE_CURRENT_BINARY_DIR}/page)
    set_tests_properties(page.${file} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
                         LABELS "programs: service leat leat_spin streaming_csv;files: framework/page tests/page")
  endforeach()
  add_test(NAME readme COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/readme_test.py ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
  set_tests_properties(readme deploy.files PROPERTIES LABELS "programs: regression hello own_actor leat")
  set_property(TEST programs.examples programs.memory programs.output programs.stock APPEND PROPERTY LABELS long)
endif()

add_test(NAME layers.every_include_keeps_to_its_layer
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/layers/layers.sh)
add_test(NAME layers.the_chunk_path_names_what_is_there
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/layers/chunk_path_test.py ${PROJECT_SOURCE_DIR}/framework/README.md)
add_test(NAME layers.includes_are_found_without_a_build
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/layers/includes_test.py ${PROJECT_SOURCE_DIR})
add_test(NAME layers.advice_names_what_the_program_has
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/layers/advice_test.py ${PROJECT_SOURCE_DIR})
add_test(NAME layers.includes_that_break_a_rule_are_reported
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/layers/checker_test.sh)
add_test(NAME names.the_tree_follows_the_house_rules
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/names/names.sh)
add_test(NAME names.a_name_is_of_one_file_of_its_layer
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/names/layer_names_test.sh)
add_test(NAME names.what_breaks_the_house_rules_is_reported
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/names/planted_test.sh)

# Compiles one after the other; include directories as a target of leat_graph would have them.
set(includes $<TARGET_PROPERTY:leat_graph,INTERFACE_INCLUDE_DIRECTORIES>)
add_test(NAME bad_programs.each_is_refused_with_one_sentence
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/bad_programs/refused.sh
                 ${CMAKE_CURRENT_BINARY_DIR}/bad_programs ${CMAKE_CXX_COMPILER} -std=c++20
                 -isystem "$<JOIN:${includes},;-isystem;>"
         COMMAND_EXPAND_LISTS)
add_test(NAME install.a_separate_project_builds_and_runs_against_the_installed_prefix
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/install/install_test.sh ${PROJECT_BINARY_DIR}
                 ${CMAKE_CURRENT_BINARY_DIR}/install -G ${CMAKE_GENERATOR}
                 -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -DCMAKE_CXX_FLAGS=${CMAKE_CXX_FLAGS}
                 -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE})
set_tests_properties(bad_programs.each_is_refused_with_one_sentence
                     install.a_separate_project_builds_and_runs_against_the_installed_prefix
                     PROPERTIES TIMEOUT 600 LABELS long)
