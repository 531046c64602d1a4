/* The sample program as a program, for tests that need real shells and real terminals (test_shell.py). */
#include "sample.h"

int main(int argc, char **argv)
{
	return cli_main(&sample, env_system(), argc, argv);
}
